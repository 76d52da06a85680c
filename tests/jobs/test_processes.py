"""Three processes share the jobs: each slot is worked once, and who lost a lease writes nothing."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import pytest
from sqlmodel import select

from app.actions.connect import Connect
from app.actions.vault import Vault
from app.db.models import Activity, JobLease
from app.jobs import LEASE, RANK_EVERY, Jobs
from tests.jobs.worker import run
from tests.loaded import pipe, started
from tests.make import DAWN


@dataclass(frozen=True)
class Worker:
    """A process, and the way to talk to it."""

    process: BaseProcess
    talk: Connection

    def tell(self, word):
        self.talk.send(word)

    def hear(self):
        return self.talk.recv()


class Crowd:
    """Three workers on one database and one clock."""

    def __init__(self, url, folder):
        self.now, self.file = DAWN, folder / "clock"
        self.set(DAWN)
        self.workers = [self._hired(url, name) for name in ("ann", "bo", "cy")]
        assert [worker.hear() for worker in self.workers] == ["ready"] * 3

    def _hired(self, url, name):
        ours, theirs = pipe()
        process = started(run, url, self.file, name, theirs)
        theirs.close()
        return Worker(process, ours)

    def set(self, now):
        self.now = now
        self.file.write_text(now.isoformat())

    def all_go(self):
        """Let everybody try at once; returns what came of it."""
        for worker in self.workers:
            worker.tell("go")
        return sorted(worker.hear() for worker in self.workers)

    def holder(self):
        """Let the first worker take the job, and stand there with it."""
        worker = self.workers[0]
        worker.tell("hold")
        assert worker.hear() == "holding"
        return worker

    def kill(self, worker):
        worker.process.kill()
        worker.process.join()
        worker.talk.close()
        self.workers.remove(worker)


@pytest.fixture
def crowd(database_url, tmp_path):
    made = Crowd(database_url, tmp_path)
    yield made
    for worker in made.workers:
        worker.talk.close()
    for worker in made.workers:
        worker.process.join()


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
    other.tell("go")
    assert other.hear() == "ran"
    sleeper.tell("wake up")
    assert sleeper.hear() == "another process does it"
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
