"""Many people sign in at once, and some guess: whoever reads the board hardly notices."""

import asyncio
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import quantiles

import httpx
from sqlmodel import Session

from app.actions import people
from app.core.vocabulary import Role
from tests.apart import apart
from tests.faults.servers import serving, world
from tests.faults.talk import Client, leaving
from tests.sizes import NIGHTLY, size
from tests.web.conftest import app, clock, demo
from tests.web.serving import served

__all__ = ["app", "clock", "demo"]

LOOKS, SIGN_INS = size(20, 2000), size(5, 100)
EVERY_SECONDS = 0.6 if NIGHTLY else 0.2
"""A hundred a minute; in the short run they come three times as often."""
GUESS = 6
"""Each sixth is a guess; at twenty in a minute everybody from this address would have to wait."""
ANA = {"email": "ana@example.com", "password": "correct horse battery"}
OURS = {"sec-fetch-site": "same-origin"}
SLACK_SECONDS = 0.01 if NIGHTLY else 0.5
"""What a busy machine adds; the promise is twice as long as without."""


@contextmanager
def server(app, database_url, home):
    """Serve: in a process of its own where it counts, else in this one, which is quicker there."""
    if NIGHTLY:
        with serving(database_url, home) as [found]:
            yield found.url
    else:
        with served(app) as (url, _, _):
            yield url


async def looked(client, enough):
    """Read the board in other words each time; returns how long each look took."""
    took = []
    while len(took) < LOOKS or not enough():
        began = time.perf_counter()
        told = await client.ask("GET", f"/api/v1/board?limit=50&q=Bug%20{len(took)}")
        took.append(time.perf_counter() - began)
        assert told.status == 200
        await asyncio.sleep(0.01)
    return took


async def flood(url, said, over):
    """Sign in at the flood's pace until it is over; collects what was answered.

    What a standing machine missed is not made up for: more guesses in a minute would be refused.
    """
    last = time.perf_counter()
    async with httpx.AsyncClient(base_url=url, headers=OURS, trust_env=False) as browser:
        while not over.is_set():
            number = len(said)
            await asyncio.sleep(max(0, last + EVERY_SECONDS - time.perf_counter()))
            last = time.perf_counter()
            guessed = {"email": f"nobody{number}@example.com"} if number % GUESS == 4 else {}
            answer = await browser.post("/sign-in", data=ANA | guessed, timeout=30)
            said.append(answer.status_code)


async def _compared(url, headers):
    client, said, over = Client(url, headers), [], asyncio.Event()
    async with leaving([client]):
        quiet = await looked(client, lambda: True)
        flooding = asyncio.create_task(flood(url, said, over))
        flooded = await looked(client, lambda: len(said) >= SIGN_INS or flooding.done())
        over.set()
        await flooding
    return quiet, flooded, said


def test_a_hundred_sign_ins_a_minute_do_not_make_the_board_twice_as_slow(
    app, engine, database_url, tmp_path
):
    prepared = world(engine, bugs=100, programs=1)
    with Session(engine) as db:
        about = {"role": Role.viewer, "team": None, "at": datetime.now(UTC)}
        people.add_user(db, ANA["email"], password=ANA["password"], **about)
    with server(app, database_url, tmp_path) as url:
        quiet, flooded, said = apart(lambda: _compared(url, prepared.headers("program p0")))
    before, after = (quantiles(each, n=20)[18] for each in (quiet, flooded))
    print(
        f"board p95 {before * 1000:.1f} ms, beside {len(said)} sign-ins {after * 1000:.1f} ms "
        f"({len(quiet)} and {len(flooded)} looks)"
    )
    # The flood came, and every sign-in was worth a password's whole work.
    assert len(said) >= SIGN_INS
    assert said == [422 if number % GUESS == 4 else 303 for number in range(len(said))]
    assert after <= 2 * before + SLACK_SECONDS
