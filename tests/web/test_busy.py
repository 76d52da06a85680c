"""What the product does while somebody else holds the database."""

import sqlite3
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlmodel import select

from app.core.vocabulary import Role
from app.db.models import Activity, SignIn, SprintItem


@pytest.fixture
def database_url(empty_sqlite, tmp_path):
    """SQLite alone: PostgreSQL has no lock on the whole database."""
    file = tmp_path / "test.db"
    file.write_bytes(empty_sqlite.read_bytes())
    return f"sqlite:///{file}"


@contextmanager
def held_elsewhere(url):
    held = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    yield
    held.rollback()
    held.close()


@pytest.fixture
def engineer(sign_in, sample):
    return sign_in(Role.engineer, team_id=sample.team, name="Ana")


def test_a_locked_database_answers_503_within_two_seconds_and_changes_nothing(
    database_url,
    engineer,
    sample,
    look,
):
    with held_elsewhere(database_url):
        started = time.monotonic()
        answer = engineer.post(f"/api/v1/bugs/{sample.bug}/claim")
        took = time.monotonic() - started
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert answer.json()["type"] == "busy"
        assert took < 2.5
        assert engineer.get(f"/s/{sample.slug}/board").status_code == 200
        assert engineer.get(f"/bugs/{sample.bug}").status_code == 200
    assert look(select(SprintItem.state).where(SprintItem.bug_id == sample.bug)) == ["open"]
    assert look(select(Activity.id).where(Activity.verb == "claimed")) == []
    assert engineer.post(f"/api/v1/bugs/{sample.bug}/claim").status_code == 200


def test_a_page_is_shown_though_its_readers_sign_in_cannot_be_renewed(
    database_url,
    engineer,
    sample,
    clock,
    look,
):
    before = look(select(SignIn.seen_at))
    clock.now += timedelta(minutes=11)
    with held_elsewhere(database_url):
        assert engineer.get(f"/bugs/{sample.bug}").status_code == 200
    assert look(select(SignIn.seen_at)) == before
    assert engineer.get(f"/bugs/{sample.bug}").status_code == 200
    assert look(select(SignIn.seen_at)) == [clock.now]
