"""Commands killed at every kind of step: what they did is whole or undone, and they work again."""

import socket
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import make_url, text
from sqlmodel import Session, select

from app.actions import plans
from app.core import chain
from app.core.vocabulary import Phase
from app.db import schema
from app.db.backup import verify
from app.db.engine import open_engine
from app.db.models import Activity, Sprint
from tests import make
from tests.cli.desk import assert_same_tickets, separately, small_pages, truth, zendesk
from tests.contents import counts, rows
from tests.faults.killing import moments, on_copies, share
from tests.fresh import fresh_database, lay
from tests.sizes import size

SYNCS, COMMITS, MIGRATIONS, BACKUPS = size(2, 40), size(1, 16), size(1, 20), size(1, 14)
CLOSES = size(1, 16)
READ = ("customer", "ticket", "link", "mention", "rating", "dead_letter")
TEAMS = """
teams:
  - {key: mail, name: Mail, members: [{name: Ann, days: 10}]}
areas:
  - {key: mail, name: Mail, team: mail, matches: [mail]}
"""


def looked(url, *functions):
    """What each function finds in a database."""
    engine = open_engine(url)
    found = [function(engine) for function in functions]
    engine.dispose()
    return found


def what_was_read(engine):
    """Every row that came from the source, but no numbers of rows or pseudonyms: they differ.

    Whoever is known by a pseudonym alone is counted.
    """
    without = ("made_at", "first_seen_at", "requester")
    found = {name: rows(engine, name, *_numbers(name), *without) for name in READ}
    named = [row for row in found["customer"] if "requester" not in row]
    return found | {"customer": named, "nameless": len(found["customer"]) - len(named)}


def _numbers(name):
    return ("id", "customer_id", "ticket_id", "bug_id", "at")


def notes(engine):
    """Every note; they have to be one unbroken chain."""
    with Session(engine) as db:
        found = [row.model_dump() for row in db.exec(select(Activity).order_by(Activity.id))]
    assert chain.verify(found).broken_at is None
    return found


def verbs(engine):
    return [note["verb"] for note in notes(engine)]


def test_a_sync_killed_at_any_step_keeps_every_record_once(deadly, migrated, tmp_path, monkeypatch):
    with zendesk(monkeypatch, tickets=150, wrap=small_pages) as (url, add):
        deadly.done(*add)
        with on_copies(deadly, migrated, tmp_path) as another:
            whole = another()
            steps = deadly.done("sync").steps
            deadly.done("export", tmp_path / "out")
            assert_same_tickets(tmp_path / "out", truth(url))
            [wanted] = looked(whole, what_was_read)
            landed = []
            for step in moments(steps, SYNCS):
                copy = another()
                died = deadly.run("sync", at=step)
                [found] = looked(copy, what_was_read)
                landed.append(died.killed and any(found[name] for name in READ) and found != wanted)
                deadly.done("sync")
                found, said = looked(copy, what_was_read, verbs)
                assert found == wanted
                assert set(said) == {"source_added", "synced"}
    assert len(landed) == SYNCS
    assert share(landed) >= 0.4


def test_a_plan_is_committed_whole_or_not_at_all(deadly, migrated, tmp_path, empty_home):
    _prepare_sprint(deadly, migrated, empty_home)
    with on_copies(deadly, migrated, tmp_path) as another:
        copy = another()
        [before] = looked(copy, _plan)
        steps = deadly.done("sprint", "commit", "spring").steps
        [after] = looked(copy, _plan)
        assert before != after
        for step in moments(steps, COMMITS):
            copy = another()
            assert deadly.run("sprint", "commit", "spring", at=step).killed
            [found] = looked(copy, _plan)
            assert found in (before, after)
            again = deadly.run("sprint", "commit", "spring")
            assert again.code == (0 if found == before else 1)
            [found, said] = looked(copy, _plan, verbs)
            assert found == after
            assert said.count("committed") == 1


def test_a_sprint_is_closed_whole_or_not_at_all(deadly, migrated, tmp_path, empty_home):
    _prepare_sprint(deadly, migrated, empty_home)
    deadly.done("sprint", "commit", "spring")
    looked(migrated, _review)
    with on_copies(deadly, migrated, tmp_path) as another:
        copy, closings = another(), []
        [before] = looked(copy, _closing)
        steps = deadly.done("close", "spring").steps
        [after] = looked(copy, _closing)
        assert (before[0], after[0]) == (("review", False), ("close", True))
        print(f"closing a sprint: {steps} steps")
        for step in (*moments(steps - 1, CLOSES), steps):
            copy = another()
            assert deadly.run("close", "spring", at=step).killed
            [found] = looked(copy, _closing)
            assert found in (before, after)
            closings.append(found == after)
            assert (deadly.run("close", "spring").code == 0) == (found == before)
            assert looked(copy, _closing) == [after]
    assert set(closings) == {False, True}, "No kill came before the commit, or none after it."


def _review(engine):
    with Session(engine) as db:
        plans.set_phase(db, "spring", Phase.review, actor="Ann", at=datetime.now(UTC))


def _closing(engine):
    """Where the sprint stands, its frozen plan, and every note in one unbroken chain."""
    with Session(engine) as db:
        sprint = db.exec(select(Sprint)).one()
        stands = (sprint.phase.value, sprint.closed_at is not None)
    return stands, _plan(engine)[1:], verbs(engine)


def _prepare_sprint(deadly, url, home):
    (home / "teams.yaml").write_text(TEAMS)
    deadly.done("teams", "import", "teams.yaml")
    engine = open_engine(url)
    with Session(engine) as db:
        for count in (1, 3, 2):
            bug = make.bug(db, area_id=1)
            for _ in range(count):
                make.ticket(db, bug)
        make.ranked(db, datetime.now(UTC))
    engine.dispose()
    deadly.done("sprint", "create", "spring", "--starts", "2026-01-05", "--ends", "2026-01-18")


def _plan(engine):
    # Moments differ from run to run, and PostgreSQL does not give a number out twice.
    differing = ("id", "snapshot_id", "added_at", "committed_at", "taken_at", "updated_at")
    names = ("sprint", "sprint_item", "ranking_snapshot")
    return [rows(engine, name, *differing) for name in names]


def test_a_migration_killed_at_any_step_starts_again_and_works(deadly, template, tmp_path):
    lay(template, "0001")
    [before] = looked(template, counts)
    with on_copies(deadly, template, tmp_path) as another:
        another()
        steps = deadly.done("migrate").steps
        for step in moments(steps, MIGRATIONS):
            copy = another()
            assert deadly.run("migrate", at=step).killed
            [found] = looked(copy, schema.current)
            assert found in ("0001", schema.newest())
            deadly.done("migrate")
            _assert_migrated(copy, before)


def _assert_migrated(url, before, but=frozenset()):
    found, held, written = looked(url, schema.current, counts, notes)
    assert found == schema.newest()
    assert {name: held[name] for name in before if name not in but} == {
        name: count for name, count in before.items() if name not in but
    }
    assert all(note["seal"] for note in written)
    file = Path(make_url(url).database or "")
    if file.suffix == ".db":
        [copy] = file.parent.glob(f"{file.name}.before-*.bak")
        assert (verify(copy).revision, verify(copy).rows) == ("0001", sum(before.values()) - 1)


# On PostgreSQL a server refuses an old schema, and migrates nothing.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_server_killed_while_it_migrates_starts_again_and_works(
    deadly, template, tmp_path, monkeypatch
):
    lay(template, "0001")
    looked(template, _pause_sources)
    [before] = looked(template, counts)
    with on_copies(deadly, template, tmp_path) as another:
        another()
        steps = deadly.done("migrate").steps
        for step in moments(steps, size(1, 4)):
            copy = another()
            assert deadly.run("serve", "--port", _free_port(), at=step).killed
            monkeypatch.setenv("BUGSPRINT_DATABASE_URL", copy)
            assert _served() == "ready"
            _assert_migrated(copy, before, but={"activity", "job_lease"})


def _pause_sources(engine):
    with engine.begin() as connection:
        connection.execute(text("UPDATE source SET paused = true"))


def _served():
    port = _free_port()
    process = separately("serve", "--port", port)
    try:
        for _ in range(300):
            try:
                return httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).text
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError("The server did not start.")
    finally:
        process.kill()
        process.communicate()


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_backup_killed_at_any_step_leaves_no_copy_or_a_whole_one(deadly, template, tmp_path):
    lay(template, "0001")
    deadly.done("migrate")
    [held] = looked(template, counts)
    target = tmp_path / "copies"
    target.mkdir()
    steps = deadly.done("backup", target / "first").steps
    for number, step in enumerate(moments(steps, BACKUPS)):
        file = target / f"copy{number}"
        assert deadly.run("backup", file, at=step).killed
        if not file.exists():
            deadly.done("backup", file)
        _assert_whole(deadly, file, held, tmp_path)
        assert looked(template, counts) == [held]


def _assert_whole(deadly, file, held, tmp_path):
    with fresh_database(deadly.url, tmp_path) as url:
        former, deadly.url = deadly.url, url
        deadly.done("restore", file)
        [found] = looked(url, counts)
        deadly.url = former
    assert found == held | {"activity": held["activity"] + 1}
