"""The sources page with everything opened: a silent webhook, two secrets, unreadable records."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlmodel import Session, select

from app.db.models import DeadLetter
from tests import make
from tests.browser.looking import faults
from tests.make import DAWN

REASON = "The issue 7 cannot be read: Expected `str`, got `null` - at `$.state`."


@pytest.fixture
def troubled(empty):
    """A tracker whose webhook fell silent, with two secrets and two unreadable records."""
    with Session(empty.engine) as db:
        tracker = make.source(
            db,
            "github",
            name="tracker",
            hook_secrets=2,
            hook_secret_at=DAWN,
            hook_at=DAWN,
            hook_verdict="refused: x-hub-signature-256 fits no live webhook_secret; compare them",
            hook_good_at=DAWN,
            changed_at=DAWN + timedelta(hours=9),
        )
        for number in ("7", "8"):
            facts = {"stream": "issues", "external_id": number, "reason": REASON, "payload": ""}
            db.add(DeadLetter(source_id=tracker.id, payload_hash=number, at=DAWN, **facts))
        db.commit()
    return empty


def opened(page):
    page.goto("/sources")
    for summary in page.locator("details > summary").all():
        summary.click()


def test_what_is_wrong_with_a_source_is_accessible_and_fits(troubled, open_page):
    page = open_page(troubled)
    opened(page)
    expect(page.locator(".source-card")).to_contain_text("no webhook told of it for 9 hours")
    expect(page.get_by_role("button", name="Let the former secret go")).to_be_visible()
    expect(page.get_by_label("Signing secret of tracker")).to_have_attribute("type", "password")
    wrong = faults(page)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("js", [True, False])
def test_a_record_is_tried_again_and_let_go_by_its_name(troubled, open_page, js):
    page = open_page(troubled, js=js)
    opened(page)
    page.get_by_role("button", name="Read again issues 7").click()
    opened(page)
    expect(page.locator(".letters")).to_contain_text("Its text was not kept")
    page.get_by_role("button", name="Dismiss issues 7").click()
    opened(page)
    expect(page.locator(".letters")).to_contain_text("1 record could not be read")
    with Session(troubled.engine) as db:
        assert list(db.exec(select(DeadLetter.external_id))) == ["8"]
