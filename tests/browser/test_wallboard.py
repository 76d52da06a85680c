"""The wallboard: readable from afar at every size, honest about its age, and never stuck."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlmodel import Session, select

from app.actions import claims, wallboards
from app.core.vocabulary import ItemState
from app.db.models import Source, SprintItem, Wallboard
from app.web.routes.tv import PAGES
from tests.browser.looking import axe

SIZES = {"1080p": (1920, 1080), "4K": (3840, 2160)}
LOOK = """() => {
  const shown = [...document.querySelectorAll('body *')].filter((each) => each.checkVisibility()
    && [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  const size = (each) => parseFloat(getComputedStyle(each).fontSize)
    * (each.ownerSVGElement ? each.getScreenCTM().a : 1);
  const root = document.documentElement;
  return {
    least: Math.min(...shown.map(size)),
    headline: Math.max(...shown.filter((each) => each.closest('h1')).map(size)),
    scrolls: root.scrollWidth > innerWidth || root.scrollHeight > innerHeight
      || [...document.querySelectorAll('main, section')].some((each) =>
           each.checkVisibility() && each.scrollHeight > each.clientHeight + 1),
  };
}"""


@pytest.fixture
def link(demo):
    """The address of a new wallboard."""
    with Session(demo.engine) as db:
        _, token = wallboards.make(db, "Hall", days=3, actor="Ana", at=datetime.now(UTC))
    return f"/tv/{token}"


@pytest.mark.parametrize("name", SIZES)
def test_every_page_is_read_from_afar_and_nothing_scrolls(name, demo, link, open_page):
    page, (width, height) = open_page(demo, None), SIZES[name]
    page.set_viewport_size({"width": width, "height": height})
    scale = height / 1080
    for each in PAGES:
        page.goto(f"{link}?page={each}")
        found = page.evaluate(LOOK)
        assert found["least"] >= 28 * scale, each
        assert found["headline"] >= 96 * scale, each
        assert not found["scrolls"], each
        assert name == "4K" or axe(page) == [], each


def test_it_follows_changes_turns_its_pages_and_stands_still_when_told(demo, link, open_page):
    page = open_page(demo, None)
    page.clock.install()
    page.goto(link)
    claimed = page.locator("[data-state=claimed] dd")
    before = int(claimed.inner_text())
    with Session(demo.engine) as db:
        item = db.exec(select(SprintItem).where(SprintItem.state == ItemState.open)).first()
        claims.claim(db, item.bug_id, team_id=item.team_id, actor="Ana", at=datetime.now(UTC))
    expect(claimed).to_have_text(str(before + 1))
    page.get_by_role("button", name="Pause").click()
    page.clock.run_for(45_000)
    expect(page.locator("section[data-page=figures]")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    page.clock.run_for(20_100)
    expect(page.locator("section[data-page=burn-up]")).to_be_visible()
    expect(page.locator("nav a[aria-current]")).to_have_text("Burn-up")


def test_those_who_want_no_motion_turn_the_pages_themselves(demo, link, open_page):
    page = open_page(demo, None, reduced_motion="reduce")
    page.goto(link)
    expect(page.get_by_role("button", name="Go on")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="Newest fixes").click()
    expect(page.locator("section[data-page=fixes]")).to_be_visible()


def test_old_data_turns_amber_with_its_age_and_fresh_data_takes_it_back(demo, link, open_page):
    page = open_page(demo, None)
    _read_at(demo, datetime.now(UTC) - timedelta(minutes=7))
    page.goto(link)
    expect(page.locator("body.old #age")).to_have_text(re.compile("Old data: from .*7 minutes ago"))
    _read_at(demo, datetime.now(UTC))
    page.reload()
    expect(page.locator("#age")).to_have_text(re.compile("^Data from"))
    expect(page.locator("body.old")).to_have_count(0)


def _read_at(world, at):
    with Session(world.engine) as db:
        for source in db.exec(select(Source)):
            source.good_at = source.tried_at = at
        db.commit()


def test_it_says_that_the_server_is_away_and_comes_back_with_new_scripts(
    demo, link, open_page, seen
):
    page = open_page(demo, None)
    page.goto(link)
    seen[0].expected += ("ERR_INTERNET_DISCONNECTED", "Failed to load resource")
    page.evaluate("() => { window.sameDocument = true; }")
    page.context.set_offline(True)
    demo.cut_streams()
    expect(page.locator("body.old #age")).to_have_text(re.compile("No answer from the server"))
    page.context.set_offline(False)
    expect(page.locator("#age")).to_have_text(re.compile("^Data from"), timeout=30_000)
    assert page.evaluate("() => window.sameDocument")
    # The release that answers now has other scripts than the page runs.
    page.evaluate("() => { document.body.dataset.edition = 'older'; }")
    demo.cut_streams()
    page.wait_for_function("() => !window.sameDocument", timeout=30_000)
    expect(page.locator("h1").first).to_contain_text("fixed")


def test_a_revoked_link_turns_the_screen_into_a_sentence(demo, link, open_page, seen):
    page = open_page(demo, None)
    page.goto(link)
    with Session(demo.engine) as db:
        found = db.exec(select(Wallboard).order_by(Wallboard.id.desc())).first()
        wallboards.revoke(db, found.id, actor="Ana", at=datetime.now(UTC))
    demo.cut_streams()
    gone = page.get_by_role("heading", name="The link of this wallboard was revoked.")
    expect(gone).to_be_visible(timeout=20_000)
    assert axe(page) == []
