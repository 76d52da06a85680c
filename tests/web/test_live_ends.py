"""An open page hears nothing more once its reader may not come in; the others hear on."""

import asyncio
import time
from contextlib import ExitStack
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import event, text
from sqlmodel import Session
from starlette.responses import Response

from app.actions import claims, own_account, people, staff, wallboards
from app.core.vocabulary import Role
from app.db.queries import people as rows
from app.web import live
from tests import make
from tests.apart import apart
from tests.web.direct import OURS
from tests.web.serving import Stream, served
from tests.web.test_broadcast import Reader

SECONDS = 20.0
TIMEOUT = httpx.Timeout(30)
LEFT = {
    "deactivated": lambda db, who, at: staff.deactivate(db, who, actor="Adi", at=at),
    "signed out by an administrator": lambda db, who, at: staff.end_sign_ins(
        db, who, actor="Adi", at=at
    ),
    "signed out everywhere": lambda db, who, at: own_account.sign_out_everywhere(
        db, who, actor="Ana", at=at
    ),
}
PROGRAM = "token revoked"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Look at the badges often; the product does so with each heartbeat."""
    assert live.HEARTBEAT_SECONDS <= 15
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.4)


def person(db, clock, **more):
    """Sign somebody in; returns their id and what their browser sends."""
    user = make.user(db, Role.viewer, **more)
    token = people.open_sign_in(db, user, at=clock())
    return user.id, {"cookie": f"bugsprint={token}"}


def fewer(app, count):
    """Wait until no more streams are open; False when that does not come."""
    deadline = time.monotonic() + SECONDS
    while len(app.state.broadcast.streams) > count and time.monotonic() < deadline:
        time.sleep(0.02)
    return len(app.state.broadcast.streams) == count


def ended(stream):
    """Read to the end: the last thing said must be to load the page anew."""
    said = list(iter(stream.next, None))
    return [each["event"] for each in said if "event" in each] == ["stale"] == [said[-1]["event"]]


def hears_of(stream, bug_id):
    """Read on until the row of a bug comes; False when the stream ends before."""
    return any(f'id="bug-{bug_id}"' in each["data"] for each in iter(stream.next, None))


def test_everybody_who_may_not_come_in_is_let_go_and_nobody_else(
    app, engine, db, clock, sample, token
):
    ids, sent = {}, {}
    for number, why in enumerate([*LEFT, "stays"]):
        ids[why], sent[why] = person(db, clock, email=f"p{number}@example.com")
    db.rollback()
    for name, scope in ((PROGRAM, "board.read"), ("program", "bug.claim")):
        sent[name] = {"authorization": f"Bearer {token('board.read', scope)}"}
    with served(app) as (base, _, _), ExitStack() as open_ones:
        streams = {}
        for why, headers in sent.items():
            asked = httpx.stream(
                "GET", f"{base}/live?s={sample.slug}", headers=headers, timeout=TIMEOUT
            )
            answer = open_ones.enter_context(asked)
            assert answer.status_code == 200
            streams[why] = Stream(answer)
        with Session(engine) as own:
            for why, leave in LEFT.items():
                leave(own, ids[why], clock())
            known = rows.named_token(own, "board.read-board.read")
            people.revoke_token(own, known, actor="Adi", at=clock())
        assert fewer(app, 2)
        gone = [*LEFT, PROGRAM]
        assert {why: ended(streams.pop(why)) for why in gone} == dict.fromkeys(gone, True)
        assert len(app.state.broadcast.streams) == len(streams) == 2
        claim = f"{base}/api/v1/bugs/{sample.bug}/claim"
        wish = {"headers": sent["program"] | OURS, "json": {"team_id": sample.team}}
        assert httpx.post(claim, **wish, timeout=TIMEOUT).status_code == 200
        for stream in streams.values():
            assert hears_of(stream, sample.bug)


def test_a_sign_in_that_ends_by_itself_ends_its_stream(app, db, clock, sample):
    _, cookie = person(db, clock)
    db.rollback()
    with (
        served(app) as (base, _, _),
        httpx.stream(
            "GET", f"{base}/live?s={sample.slug}", headers=cookie, timeout=TIMEOUT
        ) as answer,
    ):
        clock.now += people.IDLE + timedelta(seconds=1)
        assert fewer(app, 0) and ended(Stream(answer))


def test_a_wall_hears_nothing_more_once_its_link_is_revoked_or_over(app, engine, db, clock, sample):
    who, cookie = person(db, clock)
    asked, numbers = {"own": ("/live/tv", cookie)}, {}
    for name, days in {"revoked": 30, "over": 1, "good": 30}.items():
        numbers[name], link = wallboards.make(db, name, days=days, actor="Adi", at=clock())
        asked[name] = (f"/tv/{link}/live", {})
    db.rollback()
    with served(app) as (base, _, _), ExitStack() as open_ones:
        streams = {}
        for name, (path, headers) in asked.items():
            stream = httpx.stream("GET", base + path, headers=headers, timeout=TIMEOUT)
            streams[name] = Stream(open_ones.enter_context(stream))
        assert len(app.state.broadcast.streams) == 4
        with Session(engine) as own:
            wallboards.revoke(own, numbers["revoked"], actor="Adi", at=clock())
            staff.deactivate(own, who, actor="Adi", at=clock())
        clock.now += timedelta(days=1)
        assert fewer(app, 1)
        good = streams.pop("good")
        assert {name: wall_ended(each) for name, each in streams.items()} == dict.fromkeys(
            streams, True
        )
        with Session(engine) as own:
            claims.claim(own, sample.bug, team_id=sample.team, actor="Ana", at=clock())
        assert any(each["event"] == "changed" for each in iter(good.next, None))


def wall_ended(stream):
    """Read to the end: the last thing said must be to look anew."""
    return [each["event"] for each in iter(stream.next, None)][-1] == "stale"


def test_one_statement_reads_the_badges_of_everybody(app, engine, db, clock):
    for number in range(20):
        person(db, clock, email=f"p{number}@example.com")
    db.rollback()
    asked = []
    event.listen(app.state.engine, "before_cursor_execute", lambda *about: asked.append(about[2]))
    found = app.state.broadcast.badges()
    assert len([each for each in asked if each != "BEGIN"]) == 1, asked
    assert len([badge for badge in found if "@" not in badge]) == 20


def test_one_look_is_enough_however_many_watch():
    looks = []

    def badges():
        looks.append(1)
        return frozenset({"good"})

    async def scene():
        broadcast = live.Broadcast(lambda seen: (seen, []), badges=badges)
        readers = [Reader() for _ in range(30)]
        seats = [live.Seat(f"p{n}", 6, Response, "good" if n % 3 else "gone") for n in range(30)]
        opened = [live.LiveStream(broadcast, "s", 0, seat) for seat in seats]
        tasks = [
            asyncio.create_task(stream({}, reader.receive, reader.send))
            for stream, reader in zip(opened, readers, strict=True)
        ]
        await asyncio.sleep(0.01)
        await broadcast.let_strangers_go()
        await asyncio.gather(*tasks[::3])
        left = {stream.seat.badge for stream in broadcast.streams}, len(broadcast.streams)
        told = [live.STALE in reader.got for reader in readers]
        broadcast.end()
        await asyncio.gather(*tasks)
        return left, told

    left, told = apart(scene)
    assert left == ({"good"}, 20)
    assert told == [number % 3 == 0 for number in range(30)]
    assert looks == [1]


def test_while_the_database_is_away_nobody_is_let_go(app, clock):
    app.state.engine.dispose()
    with app.state.engine.begin() as connection:
        connection.execute(text("ALTER TABLE api_token RENAME TO away"))
    try:
        assert app.state.broadcast.badges() is None
    finally:
        with app.state.engine.begin() as connection:
            connection.execute(text("ALTER TABLE away RENAME TO api_token"))
