"""A bug's page tells its story: what happened where and when, and what came after the fix."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from app.core.vocabulary import ItemState, LinkOrigin, Resolution, Role, StatusCategory
from app.db.models import Link, SprintItem
from app.db.queries import activity
from tests import make
from tests.web.conftest import NOON

DAY = timedelta(days=1)


@pytest.fixture
def shipped(db):
    """A bug released three weeks ago: one customer before, one next day, one after nine days."""
    out = NOON - 21 * DAY
    bug = make.bug(db, closed_at=out - DAY, resolution=Resolution.fixed)
    bug.status_category = StatusCategory.done
    for days, tier in ((-300, "enterprise"), (1, "starter"), (9, "starter")):
        who = make.customer(db, f"Customer {days}", tier=tier, arr_cents=120_000_00)
        made = make.ticket(db, on=bug, customer_id=who.id, created_at=out + days * DAY)
        link = db.exec(select(Link).where(Link.ticket_id == made.id)).one()
        link.origin, link.made_at = LinkOrigin.field, NOON - DAY
    sprint = make.sprint(db, bug)
    item = db.exec(select(SprintItem).where(SprintItem.bug_id == bug.id)).one()
    item.state, item.resolved_at = ItemState.released, out - DAY
    about = {"bug_id": bug.id, "sprint_id": sprint.id}
    activity.note(db, at=out, actor="Ana", verb="released", **about)
    db.commit()
    make.ranked(db, NOON)
    bug_id = bug.id
    db.rollback()
    return bug_id


def test_the_story_is_in_order_and_holds_what_others_did(sign_in, shipped):
    told = sign_in(Role.engineer).get(f"/api/v1/bugs/{shipped}").json()["timeline"]
    assert [each["at"] for each in told] == sorted((each["at"] for each in told), reverse=True)
    text = "\n".join(each["text"] for each in told)
    for said in (
        "3 tickets linked: 3 by a field.",
        "2 tickets came in December 2025.",
        "The first ticket about it came.",
        "The fix of “Export hangs” was released.",
        "as fixed.",
        "It was reported in github-",
    ):
        assert said in text, said
    assert [bool(each["note"]) for each in told].count(True) == 1


def test_tickets_after_the_release_are_counted_and_late_ones_ask_whether_it_is_still_broken(
    sign_in, shipped
):
    page = sign_in(Role.engineer).get(f"/bugs/{shipped}")
    since = sign_in(Role.viewer).get(f"/api/v1/bugs/{shipped}").json()["since_fix"]
    assert (since["tickets"], since["still_broken"], since["confirmed"]) == (2, 1, False)
    assert "Still broken? 1 ticket came a week or longer after the release" in page.text


def test_a_bug_that_is_not_fixed_has_nothing_since_its_fix(db, sign_in, sample):
    visitor = sign_in(Role.viewer)
    assert visitor.get(f"/api/v1/bugs/{sample.bug}").json()["since_fix"] is None
    assert "Since the fix" not in visitor.get(f"/bugs/{sample.bug}").text


@pytest.mark.parametrize(("role", "exact"), [(Role.exec, True), (Role.engineer, False)])
def test_customers_are_counted_by_tier_and_revenue_is_exact_only_for_those_who_may_know(
    sign_in, shipped, role, exact
):
    visitor = sign_in(role)
    why = visitor.get(f"/api/v1/bugs/{shipped}").json()["why"]
    assert [(t["name"], t["customers"]) for t in why["tiers"]] == [
        ("starter", 2),
        ("enterprise", 1),
    ]
    assert (why["arr"] == 360_000) is exact
    assert why["arr_band"] == "100 k – 1 M"
    shown = re.search(r"ARR affected</dt><dd><b>([^<]*)", visitor.get(f"/bugs/{shipped}").text)
    assert shown and (shown[1] == "360 k") is exact
