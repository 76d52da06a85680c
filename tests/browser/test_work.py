"""Linking many tickets at once, and committing a plan, by the buttons people use."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from app.core.vocabulary import Role
from tests import make
from tests.browser.looking import axe


def counts(page, slug, key):
    """Return customers and tickets of a bug as its board row says."""
    page.goto(f"/s/{slug}/board?q={key}")
    assert page.locator("#board tbody tr").count() == 1
    said = page.locator("#board td.hurts").first.inner_text()
    return [int(number) for number in re.findall(r"(\d+) (?:customer|ticket)", said)]


def test_three_tickets_linked_at_once_raise_the_bugs_count(demo, open_page):
    page = open_page(demo, Role.support_lead)
    page.goto(f"/s/{demo.slug}/board?state=open")
    key = page.locator("#board td.bug small").nth(4).get_attribute("title").split("#")[1]
    before = counts(page, demo.slug, key)
    page.goto("/tickets")
    for box in page.locator("li.ticket input[type=checkbox]").all()[:3]:
        box.check()
    expect(page.locator("#ticked")).to_have_text("3")
    page.get_by_label("Key, number or address of a bug").fill(key)
    page.get_by_role("button", name="Link", exact=True).click()
    expect(page.locator("#ticked")).to_have_text("0")
    after = counts(page, demo.slug, key)
    assert after[1] == before[1] + 3
    assert after[0] > before[0]


def test_the_demo_shows_a_list_that_is_true_today(demo, open_page):
    page = open_page(demo)
    page.goto("/ranking")
    as_of = page.locator("p", has_text="The list is as of").locator("time").last
    today = datetime.now(UTC).date()
    days = {f"{today - timedelta(days=ago)}T00:00:00Z" for ago in (0, 1)}  # it may be midnight
    assert as_of.get_attribute("datetime") in days


@pytest.fixture
def prepared(empty):
    """Two teams, and ranked bugs of the areas they own."""
    at = datetime.now(UTC)
    with Session(empty.engine) as db:
        for name in ("Mail", "Web"):
            team = make.team(db, name)
            area = make.area(db, name.lower(), team_id=team.id)
            for number in range(6):
                bug = make.bug(db, f"{name} draft {number} is lost", area_id=area.id)
                make.ticket(db, on=bug, created_at=at - timedelta(days=9 * number))
        make.ranked(db, at)
    return empty


def test_a_committed_plan_is_frozen_and_shows_its_hash(prepared, open_page):
    page = open_page(prepared)
    today = datetime.now(UTC).date()
    page.goto("/sprints")
    page.get_by_label("Name").fill("Winter sprint")
    page.get_by_label("First day").fill(today.isoformat())
    page.get_by_label("Last day").fill((today + timedelta(days=13)).isoformat())
    page.get_by_role("button", name="Create").click()
    expect(page).to_have_url(re.compile("/s/winter-sprint/plan$"))
    planned = page.locator(".plan-team .plan-line a.title").all_inner_texts()
    assert len(planned) == 12
    page.get_by_text("Commit this plan").click()
    page.get_by_role("button", name="Commit and freeze").click()
    expect(page.locator("#board tbody tr")).to_have_count(12)
    page.goto("/s/winter-sprint/plan")
    note = page.locator(".note-box")
    expect(note).to_contain_text("ranks, scores, reasons and who was given what are frozen")
    assert re.fullmatch("[0-9a-f]{16}", note.locator(".mono").inner_text())
    assert page.get_by_role("button", name="Commit and freeze").count() == 0
    assert page.locator(".plan-team .plan-line a.title").all_inner_texts() == planned
    assert not axe(page)
