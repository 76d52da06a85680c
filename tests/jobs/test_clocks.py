"""Slots are counted in UTC, days as dates; a clock that differs from a source's is explained."""

import time
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from app.actions.connect import Connect
from app.actions.sources import NewSource, add
from app.actions.vault import Vault
from app.core.progress import Item, burn_up, flow
from app.core.sprints import day_of, days_of
from app.core.vocabulary import ItemState
from app.db.models import Source
from app.jobs import Jobs
from app.views.sources import source_cards
from integrations.simulators import SIMULATORS
from integrations.simulators.serve import serve
from tests.make import DAWN

BERLIN = ZoneInfo("Europe/Berlin")
BEAT = timedelta(minutes=5)
FIRST, LAST = date(2026, 10, 19), date(2026, 11, 1)
VAULT = Vault("a key for tests only")


@pytest.fixture
def in_berlin(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_no_slot_is_left_out_or_doubled_in_the_night_in_which_an_hour_comes_twice(
    engine, in_berlin
):
    before = datetime(2026, 10, 25, 2, 0, tzinfo=BERLIN)
    assert before.utcoffset() == timedelta(hours=2)
    scheduler = Jobs(Connect(engine, VAULT, lambda: before.astimezone(UTC)), BEAT).schedule()
    scheduler.start(paused=True)
    trigger = scheduler.get_job("sync").trigger
    scheduler.shutdown(wait=False)
    at, slots = before.astimezone(UTC), []
    while at < datetime(2026, 10, 25, 3, 0, tzinfo=UTC):
        at = trigger.get_next_fire_time(at, at)
        slots.append(at)
    assert len(slots) == 36  # from 02:00 summer time to 04:00 winter time are three hours
    assert {later - one for one, later in pairwise(slots)} == {BEAT}


def test_a_sprint_over_the_change_of_time_has_fourteen_days_and_fourteen_bars():
    days = days_of(FIRST, LAST)
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    second = first.replace(fold=1)
    assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=1)
    began = datetime(2026, 10, 19, 9, tzinfo=BERLIN)
    items = [
        Item(began, ItemState.fixed, changes=[(at, ItemState.fixed)]) for at in (first, second)
    ]
    points = burn_up(items, days, BERLIN)
    assert len(days) == len(points) == 14
    assert [point.resolved for point in points] == [0] * 6 + [2] * 8
    assert [point.resolved for point in flow(items, days, BERLIN)] == [0] * 6 + [2] + [0] * 7
    assert day_of(FIRST, LAST, date(2026, 10, 25)) == (7, 14)
    assert day_of(FIRST, LAST, date(2026, 10, 26)) == (8, 14)


@pytest.mark.parametrize(
    ("ahead", "explained"),
    [(600, "s ahead of that of support: set this machine's"), (-600, "s behind"), (5, None)],
)
def test_a_clock_that_differs_from_the_sources_is_explained(engine, ahead, explained):
    app, known = SIMULATORS["zendesk"](tickets=30, incremental_per_minute=1000)
    secrets = {"client_secret": known.pop("client_secret")}
    with serve(app) as url:
        hosts = frozenset({url.removeprefix("http://")})
        clock = lambda: datetime.now(UTC) + timedelta(seconds=ahead)  # noqa: E731
        jobs = Jobs(Connect(engine, VAULT, clock, hosts), BEAT)
        with Session(engine) as db:
            new = NewSource("zendesk", "support", known | {"base_url": url}, secrets)
            number = add(db, new, vault=VAULT, actor="test", at=DAWN)
            source = db.get(Source, number)
            db.expunge_all()
        assert jobs.sync(source).endswith(" records")
    with Session(engine) as db:
        assert abs(db.get(Source, number).clock_skew_seconds - ahead) <= 5
        [card] = source_cards(db).items
    assert (explained in card.clock) if explained else card.clock == ""
