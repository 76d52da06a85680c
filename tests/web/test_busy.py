"""What the product does while somebody else holds the database."""

import asyncio
import sqlite3
import time
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest
from sqlmodel import select

from app.core.vocabulary import Role
from app.db.models import Activity, SignIn, SprintItem
from tests.apart import apart
from tests.faults.talk import Client, leaving
from tests.web.serving import served


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


@pytest.fixture
def program(token):
    return {"authorization": f"Bearer {token('board.read', 'bug.claim')}"}


def test_thirty_writers_at_a_locked_database_are_refused_in_time_and_readers_read_on(
    app, database_url, sample, program, look
):
    with served(app) as (base, _, _):
        httpx.get(f"{base}/api/v1/board", headers=program)  # notes the token's use
        with held_elsewhere(database_url):
            written, read = apart(lambda: _many(base, program, sample))
    assert [told.status for told, _ in written] == [503] * 30
    assert {told.headers["retry-after"] for told, _ in written} == {"1"}
    slowest, late = max(took for _, took in written), max(took for _, took in read)
    print(f"refused after {slowest:.2f} s at most; {len(read)} reads, the slowest {late:.2f} s")
    assert {told.status for told, _ in read} == {200}
    # Four at a time, and each for its own 1.5 s, would be twelve seconds.
    assert slowest < 8
    assert late < 8
    assert look(select(SprintItem.state).where(SprintItem.bug_id == sample.bug)) == ["open"]


async def _many(base, program, sample):
    wish, path = {"team_id": sample.team}, f"/api/v1/bugs/{sample.bug}"

    async def timed(method, path, body=None):
        client, began = Client(base, program), time.monotonic()
        async with leaving([client]):
            return await client.ask(method, path, body), time.monotonic() - began

    writers = [asyncio.create_task(timed("POST", f"{path}/claim", wish)) for _ in range(30)]
    read = []
    while not all(task.done() for task in writers):
        read.append(await timed("GET", path))
    return [await task for task in writers], read


def test_a_form_and_a_repeated_request_are_refused_alike_and_succeed_afterwards(
    database_url, engineer, sample, look
):
    key = {"idempotency-key": "once"}
    with held_elsewhere(database_url):
        page = engineer.post(f"/bugs/{sample.bug}/claim")
        part = engineer.post(f"/bugs/{sample.bug}/claim", headers={"hx-request": "true"})
        keyed = engineer.post(f"/api/v1/bugs/{sample.bug}/claim", headers=key)
    for answer in (page, part, keyed):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert "nothing was changed" in answer.text
    assert "<html" not in part.text
    assert engineer.post(f"/api/v1/bugs/{sample.bug}/claim", headers=key).status_code == 200
    assert look(select(Activity.verb).where(Activity.verb == "claimed")) == ["claimed"]


def test_a_token_that_was_long_unused_does_not_make_its_write_wait_twice(
    database_url, client, sample, program, clock
):
    with held_elsewhere(database_url):
        client.headers |= program
        started = time.monotonic()
        answer = client.post(f"/api/v1/bugs/{sample.bug}/claim", json={"team_id": sample.team})
        took = time.monotonic() - started
    assert answer.status_code == 503
    assert took < 2.5
