"""Three processes share the jobs: each slot is worked once, and who lost a lease writes nothing."""

import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from app.actions.connect import Connect
from app.actions.vault import Vault
from app.db.models import Activity, JobLease
from app.jobs import LEASE, RANK_EVERY, Jobs
from tests.make import DAWN

ROOT = Path(__file__).parents[2]


class Crowd:
    """Three workers on one database and one clock."""

    def __init__(self, url, folder, stack):
        self.now, self.file = DAWN, folder / "clock"
        self.set(DAWN)
        self.workers = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "tests.jobs.worker", url, self.file, name],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    cwd=ROOT,
                )
            )
            for name in ("ann", "bo", "cy")
        ]
        assert [self.hear(worker) for worker in self.workers] == ["ready"] * 3

    def set(self, now):
        self.now = now
        self.file.write_text(now.isoformat())

    def tell(self, worker, word):
        worker.stdin.write(word + "\n")
        worker.stdin.flush()

    def hear(self, worker):
        return worker.stdout.readline().strip()

    def all_go(self):
        """Let everybody try at once; returns what came of it."""
        for worker in self.workers:
            self.tell(worker, "go")
        return sorted(self.hear(worker) for worker in self.workers)

    def holder(self):
        """Let the first worker take the job, and stand there with it."""
        worker = self.workers[0]
        self.tell(worker, "hold")
        assert self.hear(worker) == "holding"
        return worker

    def kill(self, worker):
        worker.kill()
        worker.wait()
        self.workers.remove(worker)


@pytest.fixture
def crowd(database_url, tmp_path):
    with ExitStack() as stack:
        made = Crowd(database_url, tmp_path, stack)
        yield made
        for worker in made.workers:
            worker.stdin.close()


def ran(db):
    db.rollback()
    db.expire_all()
    found = db.exec(select(Activity.at).where(Activity.verb == "ran")).all()
    db.rollback()
    return sorted(found)


def test_each_slot_is_worked_once_by_three_processes_also_after_one_was_killed(crowd, db):
    slots = [DAWN + number * RANK_EVERY for number in range(6)]
    for slot in slots[:3]:
        crowd.set(slot)
        assert crowd.all_go() == ["not mine", "not mine", "ran"]
        crowd.set(slot + timedelta(minutes=1))
        assert crowd.all_go() == ["not mine"] * 3
    crowd.set(slots[3])
    killed = crowd.holder()
    crowd.kill(killed)
    assert crowd.all_go() == ["not mine", "not mine"]  # its lease has not ended yet
    for slot in slots[4:]:
        crowd.set(slot)
        assert crowd.all_go() == ["not mine", "ran"]
    assert ran(db) == [*slots[:3], *slots[4:]]
    assert db.get(JobLease, "tick").fence == 6


def test_who_lost_the_lease_while_it_slept_writes_nothing(crowd, db):
    sleeper = crowd.holder()
    crowd.set(DAWN + LEASE + timedelta(minutes=6))
    other = crowd.workers[1]
    crowd.tell(other, "go")
    assert crowd.hear(other) == "ran"
    crowd.tell(sleeper, "wake up")
    assert crowd.hear(sleeper) == "another process does it"
    assert ran(db) == [crowd.now]
    assert db.get(JobLease, "tick").last_result == "ran"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_job_that_meets_a_locked_database_is_put_off_and_runs_in_the_same_slot(engine):
    jobs = Jobs(Connect(engine, Vault("a key for tests only"), lambda: DAWN), RANK_EVERY)
    with closing(sqlite3.connect(engine.url.database, isolation_level=None)) as held:
        held.execute("BEGIN IMMEDIATE")
        assert jobs.rank_for_today().startswith("The database is busy")
        held.rollback()
    assert jobs.rank_for_today() == "0 bugs"
