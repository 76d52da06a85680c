"""The drill: a copy taken while people claim, everything wiped, the copy back, and work goes on."""

import threading
import time
from contextlib import contextmanager

import httpx
import pytest
from sqlalchemy import update
from sqlmodel import Session, select

from app.actions import claims, people
from app.config import Settings
from app.core import chain
from app.core.vocabulary import Phase
from app.db import schema
from app.db.backup import back_up, restore
from app.db.engine import open_engine
from app.db.models import Activity, Bug, Source, SprintItem
from app.main import Running, create_app
from benchmarks.world import NOW, fill
from tests import make
from tests.cli.desk import programs
from tests.contents import hashes, rows
from tests.fresh import fresh_database, lay
from tests.make import DAWN
from tests.sizes import NIGHTLY
from tests.web.serving import served

SETTLED = {"source", "activity"}
LONGEST_SECONDS = 120
BUGS, CLAIMERS = 8, 2


@pytest.fixture(autouse=True)
def postgres_programs(monkeypatch):
    monkeypatch.setenv("PATH", str(programs()), prepend=":")


@pytest.fixture
def filled(database_url):
    """The address of a database with a sprint under way, and a program's token."""
    engine = open_engine(database_url)
    with Session(engine) as db:
        make.team(db)
        found = [make.bug(db, f"Export {number} hangs") for number in range(BUGS)]
        for bug in found:
            make.ticket(db, bug)
        make.sprint(db, *found, phase=Phase.run)
        make.ranked(db)
        db.exec(update(Source).values(live=["comment"]))
        db.commit()
        token = people.create_token(db, "load", scopes=["bug.claim", "board.read"], at=DAWN)
    engine.dispose()
    return database_url, token


class Claimer(threading.Thread):
    """Claims and gives back its own bugs over HTTP, and remembers what was acknowledged."""

    def __init__(self, url, token, bugs):
        super().__init__()
        self.client = httpx.Client(
            base_url=url, headers={"authorization": f"Bearer {token}"}, trust_env=False, timeout=30
        )
        self.bugs, self.ended, self.acknowledged = bugs, threading.Event(), 0

    def run(self):
        with self.client:
            while not self.ended.is_set():
                for bug in self.bugs:
                    for verb in ("claim", "release"):
                        address = f"/api/v1/bugs/{bug}/{verb}"
                        answer = self.client.post(address, json={"team_id": 1})
                        self.acknowledged += answer.status_code == 200


@contextmanager
def load(url, token):
    """Serve the application and let people claim; yields a count of what they were promised."""
    app = create_app(Settings(database_url=url), Running(jobs=False, clock=lambda: DAWN))
    with served(app) as (address, _, _):
        share = [range(1 + n, BUGS + 1, CLAIMERS) for n in range(CLAIMERS)]
        crowd = [Claimer(address, token, bugs) for bugs in share]
        for each in crowd:
            each.start()
        yield lambda: sum(each.acknowledged for each in crowd)
        for each in crowd:
            each.ended.set()
            each.join()


def wait_for(count, least):
    deadline = time.monotonic() + 60
    while count() < least:
        assert time.monotonic() < deadline, "Nobody claims."
        time.sleep(0.01)


def promised(engine):
    """How many claims and returns the notes tell of; notes, states and the chain have to agree."""
    with Session(engine) as db:
        written = [row.model_dump() for row in db.exec(select(Activity).order_by(Activity.id))]
        states = dict(db.exec(select(SprintItem.bug_id, SprintItem.state)).all())
        assert len(db.exec(select(Bug.id)).all()) == BUGS
    assert chain.verify(written).broken_at is None
    last = {note["bug_id"]: note["verb"] for note in written if note["verb"] in VERBS}
    assert {bug: VERBS[verb] for bug, verb in last.items()} == {bug: states[bug] for bug in last}
    return sum(note["verb"] in VERBS for note in written)


VERBS = {"claimed": "claimed", "released_claim": "open"}


@pytest.fixture
def restored(command, monkeypatch, tmp_path, database_url):
    """Bring a copy back into a new database; lends an engine on it."""

    @contextmanager
    def back(file):
        with fresh_database(database_url, tmp_path) as new:
            monkeypatch.setenv("BUGSPRINT_DATABASE_URL", new)
            assert "sources paused" in command.done("restore", file)
            engine = open_engine(new)
            yield engine
            engine.dispose()

    return back


def test_a_copy_taken_under_load_comes_back_whole_and_work_goes_on(
    command, filled, restored, tmp_path, monkeypatch
):
    url, token = filled
    monkeypatch.setenv("BUGSPRINT_DATABASE_URL", url)
    with load(url, token) as acknowledged:
        wait_for(acknowledged, 10)
        before = acknowledged()
        command.done("backup", tmp_path / "copy")
        after = acknowledged()
        wait_for(acknowledged, after + 4)
    with restored(tmp_path / "copy") as engine:
        assert before <= promised(engine) <= after + CLAIMERS
        with Session(engine) as db:
            free = select(SprintItem.bug_id).where(SprintItem.state == "open")
            bug = db.exec(free).first()
            assert claims.claim(db, bug, team_id=1, actor="Ana", at=DAWN).team_id == 1


def test_every_table_comes_back_as_it_was_but_nothing_starts_by_itself(
    command, filled, restored, tmp_path, monkeypatch
):
    url, _ = filled
    monkeypatch.setenv("BUGSPRINT_DATABASE_URL", url)
    command.done("backup", tmp_path / "copy")
    engine = open_engine(url)
    held, notes = hashes(engine), rows(engine, "activity")
    engine.dispose()
    with restored(tmp_path / "copy") as engine:
        found = hashes(engine)
        assert {name for name in held if found[name] != held[name]} == SETTLED
        assert rows(engine, "activity")[: len(notes)] == notes
        assert_settled(engine)


def assert_settled(engine):
    """Nothing starts by itself, and nothing is sent."""
    with Session(engine) as db:
        assert {(each.paused, tuple(each.live)) for each in db.exec(select(Source))} == {(True, ())}
        last = db.exec(select(Activity).order_by(Activity.id.desc())).first()
    assert last.verb == "restored"


def test_a_copy_of_a_newer_release_is_refused_before_anything_is_changed(
    command, filled, tmp_path, monkeypatch
):
    url, _ = filled
    monkeypatch.setenv("BUGSPRINT_DATABASE_URL", url)
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    back_up(engine, tmp_path / "newer")
    with engine.begin() as connection:
        newest = schema.newest()
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{newest}'")
    engine.dispose()
    with fresh_database(url, tmp_path) as new:
        monkeypatch.setenv("BUGSPRINT_DATABASE_URL", new)
        said = command("restore", tmp_path / "newer")
        assert (said.code, said.err.count("\n")) == (1, 1)
        assert "has schema 9999, which this release does not know" in said.err
        engine = open_engine(new)
        assert schema.current(engine) is None
        engine.dispose()


def test_a_copy_of_an_older_release_comes_back_into_a_newer_schema(
    command, database_url, tmp_path, monkeypatch
):
    with fresh_database(database_url, tmp_path) as old:
        lay(old, "0001")
        engine = open_engine(old)
        back_up(engine, tmp_path / "old")
        engine.dispose()
    monkeypatch.setenv("BUGSPRINT_DATABASE_URL", database_url)
    monkeypatch.setenv("BUGSPRINT_SECRET_KEY", "a key for tests only, 32 letters")
    printed = command.done("restore", tmp_path / "old")
    assert "2 sources paused" in printed
    assert "This BUGSPRINT_SECRET_KEY opens them." in printed
    engine = open_engine(database_url)
    assert schema.current(engine) == schema.newest()
    assert_settled(engine)
    engine.dispose()
    monkeypatch.setenv("BUGSPRINT_SECRET_KEY", "another key, also 32 letters long")
    with fresh_database(database_url, tmp_path) as new:
        monkeypatch.setenv("BUGSPRINT_DATABASE_URL", new)
        assert "need the same BUGSPRINT_SECRET_KEY" in command.done("restore", tmp_path / "old")


@pytest.mark.skipif(not NIGHTLY, reason="100,000 tickets are filled in with `make nightly` only")
def test_a_hundred_thousand_tickets_are_back_within_two_minutes(database_url, tmp_path):
    engine = open_engine(database_url)
    fill(engine, items=400, tickets_wanted=100_000)
    began = time.monotonic()
    back_up(engine, tmp_path / "copy")
    copied = time.monotonic()
    engine.dispose()
    with fresh_database(database_url, tmp_path) as new:
        engine = open_engine(new)
        restore(engine, tmp_path / "copy")
        ended = time.monotonic()
        with Session(engine) as db:
            assert claims.claim(db, 1, team_id=1, actor="Ana", at=NOW).team_id == 1
        engine.dispose()
    print(f"{engine.dialect.name}: backup {copied - began:.1f} s, restore {ended - copied:.1f} s")
    assert ended - began < LONGEST_SECONDS
