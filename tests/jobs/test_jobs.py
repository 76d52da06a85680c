"""Every source is read once per beat by one process, and a failing job stops nobody."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text
from sqlmodel import select

from app.actions.connect import Connect
from app.actions.vault import Vault
from app.db.engine import open_engine
from app.db.models import Activity, Bug, IdempotencyKey, JobLease, Source
from app.jobs import Jobs
from tests import make
from tests.make import DAWN

BEAT = timedelta(minutes=5)


class Clock:
    now = DAWN

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def jobs(engine, clock):
    return Jobs(Connect(engine, Vault("a key for tests only"), clock), BEAT)


def file_source(db, folder, name, **more):
    """A source that reads bugs from a file of its own."""
    path = folder / f"{name}.csv"
    path.write_text("external_id,title,status\n1,Export hangs,open\n")
    return make.source(db, "file", name=name, options={"path": str(path), "noun": "bugs"}, **more)


def leases(db):
    db.rollback()
    db.expire_all()
    found = {row.name: SimpleNamespace(**row.model_dump()) for row in db.exec(select(JobLease))}
    db.rollback()
    return found


def test_each_source_is_read_once_per_beat_however_many_processes_there_are(
    db, database_url, clock, jobs, tmp_path
):
    file_source(db, tmp_path, "one")
    file_source(db, tmp_path, "two")
    db.rollback()
    other_engine = open_engine(database_url)
    other = Jobs(Connect(other_engine, Vault("a key for tests only"), clock), BEAT)
    for process in (jobs, other, jobs):
        process.sync_all()
    other_engine.dispose()
    assert {name: row.fence for name, row in leases(db).items()} == {"sync:one": 1, "sync:two": 1}
    assert sorted(db.exec(select(Activity.actor))) == ["one", "two"]
    db.rollback()
    clock.now += BEAT
    jobs.sync_all()
    assert [row.fence for row in leases(db).values()] == [2, 2]


def test_a_paused_source_is_not_read(db, jobs, tmp_path):
    file_source(db, tmp_path, "one", paused=True)
    db.rollback()
    jobs.sync_all()
    assert leases(db) == {}


def test_a_failing_source_is_recorded_and_the_next_one_is_read(db, jobs, tmp_path):
    make.source(db, "file", name="a-missing", options={"path": "/nowhere.csv", "noun": "bugs"})
    make.source(db, "nonsense", name="b-unknown")
    make.source(db, "zendesk", name="c-sealed", secrets="gAAAA-not-ours")
    file_source(db, tmp_path, "d-good")
    db.rollback()
    jobs.sync_all()
    found = leases(db)
    assert len(found) == 4
    assert all(row.last_finished == DAWN for row in found.values())
    states = {row.name: (row.state, bool(row.note)) for row in db.exec(select(Source))}
    assert states == {
        "a-missing": ("failing", True),
        "b-unknown": ("failing", True),
        "c-sealed": ("failing", True),
        "d-good": ("ok", False),
    }
    assert db.exec(select(Bug.title)).one() == "Export hangs"


def test_a_job_that_breaks_is_recorded_and_runs_again_in_the_next_beat(db, jobs, clock, engine):
    db.rollback()
    rename = "ALTER TABLE {} RENAME TO {}"
    with engine.begin() as connection:
        connection.execute(text(rename.format("link", "hidden")))
    jobs.rank_for_today()
    with engine.begin() as connection:
        connection.execute(text(rename.format("hidden", "link")))
    broken = leases(db)["rank"]
    assert broken.last_result.startswith("failed: ")
    assert broken.last_finished == DAWN
    clock.now += timedelta(minutes=10)
    assert jobs.rank_for_today() == "0 bugs"
    assert leases(db)["rank"].fence == 2


def test_the_list_is_ranked_once_a_day(db, jobs, clock):
    make.ticket(db, on=make.bug(db))
    db.rollback()
    assert jobs.rank_for_today() == "1 bug"
    clock.now += timedelta(minutes=10)
    assert jobs.rank_for_today() == "true for today already"
    clock.now += timedelta(days=1)
    assert jobs.rank_for_today() == "1 bug"


def test_answers_that_may_be_repeated_are_forgotten_after_a_day(db, jobs, clock):
    row = {"who": "program 1", "fingerprint": "x", "status": 200, "at": DAWN}
    db.add_all([IdempotencyKey(key=str(number), **row) for number in range(3)])
    db.commit()
    clock.now += timedelta(hours=23)
    assert jobs.forget_answers() == "0 answers"
    clock.now += timedelta(hours=2)
    assert jobs.forget_answers() == "3 answers"


def test_the_schedule_runs_every_job_at_once_and_then_on_its_beat(jobs):
    scheduler = jobs.schedule()
    scheduler.start(paused=True)
    scheduled = {job.id: job for job in scheduler.get_jobs()}
    scheduler.shutdown(wait=False)
    assert scheduled.keys() >= {"sync", "rank", "answers", "deliveries", "outbox", "retention"}
    assert scheduled["sync"].trigger.interval == BEAT
    assert all(job.coalesce and job.max_instances == 1 for job in scheduled.values())
