"""The alarm of a webhook that fell silent, and how long ago things were."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.db.models import Source
from app.views.hooks import ago, hook_line, lasting
from tests import make
from tests.actions.sources import Given, issue, page_of, run
from tests.make import DAWN

HOUR = timedelta(hours=1)


def source(**more):
    facts = {"kind": "github", "name": "tracker", "added_at": DAWN, "hook_secrets": 1}
    return Source(**(facts | {"hook_secret_at": DAWN} | more))


@pytest.mark.parametrize(
    "facts, alarmed",
    [
        ({"changed_at": DAWN + 7 * HOUR}, True),
        ({"changed_at": DAWN + 5 * HOUR}, False),
        ({"changed_at": None}, False),
        ({"changed_at": DAWN + 7 * HOUR, "hook_secrets": 0}, False),
        ({"changed_at": DAWN + 7 * HOUR, "hook_good_at": DAWN + 2 * HOUR}, False),
        ({"changed_at": DAWN + 9 * HOUR, "hook_good_at": DAWN + 2 * HOUR}, True),
        ({"changed_at": DAWN + 7 * HOUR, "hook_at": DAWN + 7 * HOUR}, True),
        ({"changed_at": DAWN + 7 * HOUR, "hook_secret_at": DAWN + 3 * HOUR}, False),
        ({"changed_at": DAWN - 90 * HOUR}, False),
    ],
)
def test_a_source_that_changes_without_any_webhook_for_six_hours_is_an_alarm(facts, alarmed):
    line = hook_line(source(**facts), DAWN + 10 * HOUR)
    assert bool(line.alarm) is alarmed
    if alarmed:
        assert "no webhook told of it for 7 hours" in line.alarm


def test_a_kind_without_webhooks_has_no_line():
    assert hook_line(source(kind="file"), DAWN) is None


def test_what_a_reading_repeats_is_no_change(db: Session):
    tracker = make.source(db, "github", name="gh")
    new = DAWN + 7 * HOUR
    pages = [page_of(issue(1), issue(2, at=new)), page_of(issue(1))]
    run(db, tracker, Given({"issues": pages}), at=new + HOUR)
    assert db.exec(select(Source.changed_at)).one() == new
    run(db, tracker, Given({"issues": pages}), at=new + 9 * HOUR, full=True)
    assert db.exec(select(Source.changed_at)).one() == new


def test_a_change_that_is_dated_ahead_counts_from_now(db: Session):
    tracker = make.source(db, "github", name="gh")
    far = issue(1, at=DAWN + timedelta(days=9_000))
    run(db, tracker, Given({"issues": [page_of(far)]}), at=DAWN)
    assert db.exec(select(Source.changed_at)).one() == DAWN


@pytest.mark.parametrize(
    "seconds, said",
    [(0, "just now"), (1, "1 second ago"), (179, "2 minutes ago"), (200_000, "2 days ago")],
)
def test_how_long_ago_is_said_in_the_largest_unit(seconds, said):
    assert ago(timedelta(seconds=seconds)) == said


def test_a_length_has_a_unit():
    assert lasting(timedelta(hours=7, minutes=59)) == "7 hours"
