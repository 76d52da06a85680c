"""Foreign text is shown as text: no dialog, no report of the policy, no request to elsewhere."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from app.core.vocabulary import Phase, Role
from tests import make
from tests.browser.board import claim_elsewhere, open_board
from tests.browser.payloads import PAYLOADS

SHOWN = [text for text in PAYLOADS if "\u0000" not in text]


@pytest.fixture
def attacked(empty):
    """An installation whose every bug, ticket, customer, tag and owner is an attack."""
    at = datetime.now(UTC)
    with Session(empty.engine) as db:
        team = make.team(db, "<b>Team</b><img src=x onerror=alert(90)>", key="team")
        area = make.area(db, "area", name="<img src=x onerror=alert(91)>", team_id=team.id)
        bugs = [
            make.bug(db, text, text="\n\n".join(SHOWN), labels=[text], area_id=area.id)
            for text in SHOWN
        ]
        for number, (bug, text) in enumerate(zip(bugs, SHOWN, strict=True)):
            customer = make.customer(db, text, tier=text[:40])
            about = {"subject": text, "text": text, "tags": [text], "customer_id": customer.id}
            make.ticket(db, on=bug, created_at=at - timedelta(days=number), **about)
            make.ticket(db, **about)
        days = {"starts_on": at.date() - timedelta(days=3), "ends_on": at.date()}
        make.sprint(db, *bugs, phase=Phase.run, name=SHOWN[0], **days)
        make.ranked(db, at)
    return empty


def test_nothing_that_customers_or_trackers_write_runs_or_calls_home(attacked, open_page):
    page = open_page(attacked)
    slug = attacked.slug
    open_board(page, attacked)
    rows = page.locator("#board tbody tr")
    assert rows.count() == len(SHOWN)
    titles = [" ".join(text.split()) for text in page.locator("#board a.title").all_inner_texts()]
    assert set(titles) == {" ".join(text.split()) for text in SHOWN}, "Each is shown in full."
    bugs = [row.get_attribute("id").removeprefix("bug-") for row in rows.all()[:3]]
    around = ["/tickets", "/tickets?show=linked", f"/s/{slug}/plan", f"/s/{slug}/impact"]
    for address in [*around, "/teams", "/sprints", "/audit", *(f"/bugs/{bug}" for bug in bugs)]:
        page.goto(address)
        page.wait_for_timeout(100)
        for opened in page.locator("main details > summary").all()[:5]:
            opened.click()
    assert len(SHOWN) >= 30


def test_what_comes_by_the_stream_is_shown_as_text_too(attacked, open_page):
    page = open_board(open_page(attacked, Role.viewer), attacked)
    row = page.locator("#board tbody tr").first.get_attribute("id")
    before = page.locator("#board tbody tr").count()
    claim_elsewhere(attacked, row, 1, actor="<img src=x onerror=alert(92)>")
    expect(page.locator(f"#{row}")).to_have_attribute("data-state", "claimed")
    expect(page.locator(f"#{row} td.team")).to_contain_text("<img src=x onerror=alert(92)>")
    page.wait_for_timeout(200)
    assert page.locator("#board tbody tr").count() == before
