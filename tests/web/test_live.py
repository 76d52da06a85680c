"""A change reaches every open page as one frame, and nothing is missed on the way back."""

import time

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import Session

from app.actions import claims
from app.core.vocabulary import Role
from app.db.queries import activity
from app.web.assets import edition
from tests.web.direct import OURS
from tests.web.serving import Stream, served, stop

TIMEOUT = httpx.Timeout(10)


@pytest.fixture
def program(token):
    return {"authorization": f"Bearer {token('board.read', 'bug.claim')}"}


@pytest.fixture
def latest(look, engine):
    def newest():
        with Session(engine) as own:
            return activity.latest(own)

    return newest


def watch(base, program, sample, **more):
    """Open the live stream of the sample's board."""
    headers = program | more.pop("headers", {})
    params = {"sprint": sample.slug} | more
    return httpx.stream("GET", f"{base}/live", params=params, headers=headers, timeout=TIMEOUT)


def claim(base, program, sample, bug_id):
    wish = {"team_id": sample.team}
    url = f"{base}/api/v1/bugs/{bug_id}/claim"
    answer = httpx.post(url, json=wish, headers=program | OURS, timeout=TIMEOUT)
    assert answer.status_code == 200


def test_a_claim_reaches_every_open_page_as_one_frame_within_a_second(app, program, sample, latest):
    seen = latest()
    with (
        served(app) as (base, _, _),
        watch(base, program, sample, after=seen) as one,
        watch(base, program, sample, after=seen) as two,
    ):
        assert one.headers["content-type"].startswith("text/event-stream")
        streams = [Stream(one), Stream(two)]
        time.sleep(0.3)
        started = time.monotonic()
        claim(base, program, sample, sample.bug)
        events = [stream.next() for stream in streams]
        took = time.monotonic() - started
        assert events[0] == events[1]
        assert events[0]["id"] == str(latest())
        assert f'id="bug-{sample.bug}"' in events[0]["data"]
        assert 'data-state="claimed"' in events[0]["data"]
        assert f'id="bug-{sample.other}"' not in events[0]["data"]
        claim(base, program, sample, sample.other)
        assert f'id="bug-{sample.other}"' in streams[0].next()["data"]
        assert took < 1.5  # a second is the promise; half of one is this busy machine's


def test_a_page_that_was_away_catches_up_from_the_last_event_it_saw(app, program, sample, latest):
    with served(app) as (base, _, _):
        with watch(base, program, sample, after=latest()) as answer:
            stream = Stream(answer)
            claim(base, program, sample, sample.bug)
            first = stream.next()["id"]
        claim(base, program, sample, sample.other)
        time.sleep(0.6)
        back = {"last-event-id": first}
        with watch(base, program, sample, headers=back) as answer:
            event = Stream(answer).next()
        assert f'id="bug-{sample.other}"' in event["data"]
        assert f'id="bug-{sample.bug}"' not in event["data"]


def test_a_page_from_before_the_server_started_catches_up_too(app, program, sample, latest, engine):
    seen = latest()
    with Session(engine) as own:
        claims.claim(own, sample.bug, team_id=sample.team, actor="Ana", at=app.state.clock())
    with (
        served(app) as (base, _, _),
        watch(base, program, sample, headers={"last-event-id": str(seen)}) as answer,
    ):
        assert f'id="bug-{sample.bug}"' in Stream(answer).next()["data"]


def test_who_says_to_have_seen_what_has_not_happened_spoils_it_for_nobody(
    app, program, sample, latest
):
    with (
        served(app) as (base, _, _),
        watch(base, program, sample, after=2**62) as first,
        watch(base, program, sample, after=latest()) as second,
    ):
        streams = Stream(first), Stream(second)
        claim(base, program, sample, sample.bug)
        for stream in streams:
            assert f'id="bug-{sample.bug}"' in stream.next()["data"]


def test_while_nobody_watches_nothing_is_drawn(app, program, sample):
    drawn, render = [], app.state.broadcast.render
    app.state.broadcast.render = lambda seen: drawn.append(seen) or render(seen)
    with served(app) as (base, _, _):
        claim(base, program, sample, sample.bug)
        time.sleep(0.5)
    assert drawn == []


def test_a_server_with_an_open_stream_stops_within_five_seconds(app, program, sample, latest):
    with (
        served(app) as (base, server, thread),
        watch(base, program, sample, after=latest()) as open_,
    ):
        next(open_.iter_lines())
        assert stop(server, thread) < 5
        assert not thread.is_alive()


def test_the_stream_goes_on_after_the_database_was_away(app, program, sample, latest):
    with served(app) as (base, _, _), watch(base, program, sample, after=latest()) as answer:
        rename(app, "activity", "away")
        time.sleep(0.5)
        rename(app, "away", "activity")
        claim(base, program, sample, sample.bug)
        assert f'id="bug-{sample.bug}"' in Stream(answer).next()["data"]


def rename(app, old, new):
    with app.state.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


def test_only_who_may_read_the_board_gets_its_stream(client, sign_in, sample):
    assert client.get(f"/live?s={sample.slug}").status_code == 303
    del client.headers["sec-fetch-site"]
    assert client.get("/live", headers={"authorization": "Bearer bsp_x"}).status_code == 303
    assert sign_in(Role.viewer).get("/live?after=-1").status_code == 422


def test_a_page_without_a_stream_asks_for_the_same_frames(app, program, sample, latest):
    with (
        served(app) as (base, _, _),
        watch(base, program, sample, after=(seen := latest())) as answer,
    ):
        stream = Stream(answer)
        claim(base, program, sample, sample.bug)
        event = stream.next()
        asked = {"s": sample.slug, "after": seen}
        polled = httpx.get(f"{base}/live/poll", params=asked, headers=program, timeout=TIMEOUT)
        assert Stream(polled).next() == event
        nothing = httpx.get(
            f"{base}/live/poll", params=asked | {"after": latest()}, headers=program
        )
        assert Stream(nothing).next() is None
        assert nothing.text == f"retry: 1000\n\nevent: edition\ndata: {edition()}\n\n"
