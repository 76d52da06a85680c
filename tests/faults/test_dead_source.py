"""A source that has been dead for days: the board works on, and says how old its data is."""

import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from statistics import quantiles
from urllib.parse import urlsplit

import pytest
from sqlmodel import Session, select

from app.actions.sync import Sync
from app.core.vocabulary import Role
from app.db.models import Source
from integrations.contract import Surroundings
from integrations.github import GitHub
from integrations.simulators import SIMULATORS
from integrations.simulators.serve import serve
from tests import make
from tests.actions.sources import VAULT
from tests.apart import apart
from tests.faults.streams import until
from tests.faults.talk import Client, leaving
from tests.integrations.github.fake import Limits
from tests.web.conftest import app, clock, demo, sample, sign_in
from tests.web.serving import served

__all__ = ["app", "clock", "demo", "sample", "sign_in"]

LOOKS = 80


@pytest.fixture
def tracker(db, app, clock):
    """A source that was read to its end once, and whose host refuses connections since."""
    simulator, known = SIMULATORS["github"](tickets=20, bugs=30, now=clock)
    source = make.source(db, "github", name="upstream").id
    db.rollback()
    with serve(simulator) as url:
        options = {**known, "base_url": url}
        assert read(app, source, options, clock).failed is None
    return source, options


def read(app, source, options, clock):
    around = Surroundings(
        limiter=Limits(),
        now=clock,
        sleep=lambda _seconds: None,
        private_hosts=frozenset({urlsplit(options["base_url"]).netloc}),
    )
    connector = GitHub(options, around)
    try:
        return Sync(app.state.engine, source, connector, VAULT, clock).run()
    finally:
        connector.close()


@contextmanager
def reading_again_and_again(app, tracker, clock):
    """Try to read the dead source all the time; yields what each try came to."""
    over, said = threading.Event(), []

    def attempts():
        while not over.is_set():
            said.append(read(app, *tracker, clock).failed)
            over.wait(0.05)

    thread = threading.Thread(target=attempts)
    thread.start()
    try:
        yield said
    finally:
        over.set()
        thread.join()


async def _looks(base, cookie, slug):
    client, took, told = Client(base, {"cookie": f"bugsprint={cookie}"}), [], None
    async with leaving([client]):
        for number in range(LOOKS):
            began = time.perf_counter()
            # Asked for in other words each time: the page is made anew, not taken from the kept.
            told = await client.ask("GET", f"/s/{slug}/board?q=Export{'+' * number}")
            took.append(time.perf_counter() - began)
            assert told.status == 200
    return quantiles(took, n=20)[18], told.body.decode()


def test_a_board_is_as_quick_as_ever_and_says_since_when_its_source_is_away(
    app, db, sample, sign_in, clock, tracker
):
    cookie = sign_in(Role.engineer).cookies["bugsprint"]
    read_at = clock.now
    with served(app) as (base, _, _):
        before, page = apart(lambda: _looks(base, cookie, sample.slug))
        assert '<b>upstream</b> <span class="how">up to date' in page
        clock.now += timedelta(days=3)
        cookie = sign_in(Role.engineer).cookies["bugsprint"]
        with reading_again_and_again(app, tracker, clock) as said:
            after, page = apart(lambda: _looks(base, cookie, sample.slug))
            assert apart(lambda: until(lambda: len(said) >= 2))
    print(
        f"board p95: {before * 1000:.1f} ms, with a dead source {after * 1000:.1f} ms; "
        f"{len(said)} vain readings meanwhile"
    )
    assert all(said)
    assert after <= 2 * before + 0.4
    with Session(app.state.engine) as own:
        source = own.exec(select(Source).where(Source.name == "upstream")).one()
    assert (source.state, source.good_at) == ("failing", read_at)
    stamp = f'data from <time datetime="{read_at:%Y-%m-%dT%H:%M:%SZ}"'
    assert '<b>upstream</b> <span class="how">failing' in page
    assert stamp in page
    assert source.note in page
