"""What webhooks named is read soon, once, within the source's beat, and never for ever."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app.actions import rereading
from app.actions.connect import Connect
from app.actions.vault import Vault
from app.db.models import Bug, HookDelivery, JobLease, Reread, Ticket
from app.db.queries import hooks as rows
from app.jobs import Jobs
from integrations.errors import Unavailable
from tests import make
from tests.actions.sources import Given, gone, issue, page_of, ticket
from tests.make import DAWN

LAG = timedelta(seconds=65)
NAMES = ("https://github.test/acme/app/issues/12",)


class Clock:
    now = DAWN

    def __call__(self):
        return self.now


class Upstream(Connect):
    """Connects every source to pages that a test has written down."""

    def to(self, source):
        made = self.sources[source.name]
        made.runs += 1
        return made


class Counted(Given):
    runs = 0

    def close(self):
        """Be read once more."""


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def upstream(engine: Engine, clock):
    made = Upstream(engine, Vault("a key for tests only"), clock)
    object.__setattr__(made, "sources", {})
    return made


@pytest.fixture
def jobs(upstream):
    return Jobs(upstream, timedelta(minutes=5))


def hinted(db, kind, *external_ids, at=DAWN, **more):
    source = make.source(db, kind, name=kind, **more)
    rows.ask_again(db, source.id, external_ids, at)
    db.commit()
    return source


def waiting(db):
    db.rollback()
    found = sorted(db.exec(select(Reread.external_id)))
    db.rollback()
    return found


def test_a_hint_is_read_at_once_and_forgotten(db, jobs, upstream):
    hinted(db, "github", "I12")
    upstream.sources["github"] = Counted({"issues": [page_of(issue(12))]})
    jobs.follow_hints()
    assert list(db.exec(select(Bug.external_id))) == ["I12"]
    assert waiting(db) == []
    jobs.follow_hints()
    assert upstream.sources["github"].runs == 1


def test_a_source_that_lags_is_read_once_it_can_show_the_change(db, jobs, upstream, clock):
    hinted(db, "zendesk", "1")
    upstream.sources["zendesk"] = Counted({"tickets": [page_of(ticket("1"))]})
    for second in range(0, 65, 10):
        clock.now = DAWN + timedelta(seconds=second)
        jobs.follow_hints()
    assert upstream.sources["zendesk"].runs == 0
    clock.now = DAWN + LAG
    jobs.follow_hints()
    assert upstream.sources["zendesk"].runs == 1
    assert list(db.exec(select(Ticket.external_id))) == ["1"]
    assert waiting(db) == []


def test_what_was_named_too_lately_waits_for_the_next_early_reading(db, jobs, upstream, clock):
    source = hinted(db, "zendesk", "1")
    rows.ask_again(db, source.id, ["2"], DAWN + timedelta(seconds=30))
    db.commit()
    upstream.sources["zendesk"] = Counted({"tickets": [page_of(ticket("1"))]})
    clock.now = DAWN + LAG
    jobs.follow_hints()
    assert waiting(db) == ["2"]
    clock.now = DAWN + LAG + timedelta(seconds=35)
    jobs.follow_hints()
    assert waiting(db) == []
    assert upstream.sources["zendesk"].runs == 2


def test_a_flood_of_hints_is_at_most_two_readings_a_minute(db, jobs, upstream, clock):
    source = hinted(db, "github", "I1")
    upstream.sources["github"] = Counted({"issues": [page_of(issue(12))]})
    for second in range(0, 300, 5):
        clock.now = DAWN + timedelta(seconds=second)
        rows.ask_again(db, source.id, [f"I{second}"], clock.now)
        db.commit()
        jobs.follow_hints()
    assert 4 <= upstream.sources["github"].runs <= 10


def test_an_early_reading_and_a_regular_one_never_meet(db, jobs, upstream, clock):
    hinted(db, "github", "I1")
    held = {"name": "sync:github", "holder": "another", "fence": 7, "last_started": DAWN}
    db.add(JobLease(locked_until=DAWN + timedelta(minutes=5), **held))
    db.commit()
    upstream.sources["github"] = Counted({"issues": []})
    clock.now += timedelta(minutes=2)
    jobs.follow_hints()
    assert upstream.sources["github"].runs == 0
    clock.now += timedelta(minutes=4)
    jobs.follow_hints()
    assert upstream.sources["github"].runs == 1


def test_a_paused_source_is_left_alone_and_its_hints_are_kept(db, jobs, upstream):
    hinted(db, "github", "I1", paused=True)
    jobs.follow_hints()
    assert waiting(db) == ["I1"]


def test_a_reading_that_fails_is_tried_again_a_few_times(db, jobs, upstream, clock):
    hinted(db, "github", "I1", good_at=DAWN - timedelta(minutes=1))
    upstream.sources["github"] = Counted({"issues": [Unavailable("GitHub is away.", 60)]})
    for _ in range(rereading.MOST_TRIES):
        assert waiting(db) == ["I1"]
        jobs.follow_hints()
        clock.now += timedelta(minutes=2)
    assert waiting(db) == []
    jobs.follow_hints()
    assert upstream.sources["github"].runs == rereading.MOST_TRIES


def test_a_bug_that_no_list_brings_is_asked_for_by_itself(db, jobs, upstream, clock):
    source = hinted(db, "github", "I12", "I99")
    known = Counted({"issues": [page_of(issue(12), issue(13))]}, found=[gone(12), gone(13)])
    upstream.sources["github"] = known
    jobs.follow_hints()
    assert known.asked == []
    clock.now += timedelta(minutes=2)
    rows.ask_again(db, source.id, ["I12", "I99"], clock.now)
    db.commit()
    jobs.follow_hints()
    assert [external_id for external_id, _ in known.asked] == ["I12"]
    assert known.asked[0][1]
    db.rollback()
    seen = dict(iter(db.exec(select(Bug.external_id, Bug.visibility))))
    assert seen == {"I12": "deleted", "I13": "ok"}


def test_late_and_repeated_versions_never_overwrite_a_newer_one(db, jobs, upstream, clock):
    source = hinted(db, "github", "I12")
    later = DAWN + timedelta(minutes=1)
    new, old = issue(12, at=later, title="New"), issue(12, title="Old")
    upstream.sources["github"] = Counted({"issues": [page_of(new), page_of(old), page_of(new)]})
    jobs.follow_hints()
    assert list(db.exec(select(Bug.title))) == ["New"]
    clock.now += timedelta(minutes=2)
    rows.ask_again(db, source.id, ["I12"], clock.now)
    db.commit()
    upstream.sources["github"] = Counted(
        {"issues": [page_of(new), page_of(new), page_of(new), page_of(old)]}
    )
    jobs.follow_hints()
    db.rollback()
    assert list(db.exec(select(Bug.title))) == ["New"]


def test_ids_of_deliveries_are_kept_for_seven_days(db, jobs, clock):
    source = make.source(db, "zendesk", name="zendesk")
    for number, age in enumerate((0, 6, 8)):
        rows.is_new(db, source.id, f"delivery-{number}", DAWN - timedelta(days=age))
    db.commit()
    assert jobs.forget_deliveries() == "1 deliveries"
    assert sorted(db.exec(select(HookDelivery.delivery_id))) == ["delivery-0", "delivery-1"]


def test_both_jobs_are_on_the_schedule(jobs):
    scheduler = jobs.schedule()
    scheduler.start(paused=True)
    names = {job.id for job in scheduler.get_jobs()}
    scheduler.shutdown(wait=False)
    assert {"hints", "deliveries"} <= names
