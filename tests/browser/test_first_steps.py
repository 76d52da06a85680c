"""From an empty database to a ranked board, through the pages only, over real HTTP."""

import shutil
import time

import pytest
from playwright.sync_api import expect

from tests.browser.looking import axe, sideways
from tests.browser.simulated import TEAMS, simulated_world
from tests.sizes import size

LONG_MS = 120_000
"""A loaded machine may take its time; the journey is measured, and printed."""


@pytest.fixture
def outside(empty_sqlite, tmp_path):
    file = tmp_path / "first.db"
    shutil.copy(empty_sqlite, file)
    with simulated_world(file, tickets=size(120, 1_800), bugs=size(80, 700)) as made:
        yield made


def test_from_nothing_to_a_ranked_board_through_the_pages_alone(outside, open_page):
    began = time.monotonic()
    stranger = open_page(outside.world, None, js=False)
    stranger.goto("/welcome")
    expect(stranger.locator("#step-1")).to_contain_text("bugsprint user add")
    assert stranger.locator("form").count() == 0, "Whoever comes first must not be able to take it."
    page, watcher = open_page(outside.world, js=False), open_page(outside.world)
    refuse_half_a_form(page)
    connect(page, "zendesk", outside.zendesk)
    connect(page, "github", outside.github)
    bring_teams(page)
    page.goto("/welcome")
    page.get_by_role("button", name="Dry run of github and zendesk").click()
    watch_to_the_end(watcher)
    page.goto("/welcome")
    expect(page.locator("#step-5 .counted").last).to_contain_text("It would import")
    page.get_by_role("button", name="Import github and zendesk").click()
    watch_to_the_end(watcher)
    page.goto("/welcome")
    rank_and_commit(page)
    assert_ranked(page)
    print(f"from nothing to the board: {time.monotonic() - began:.1f} s")
    look_closely(watcher)


def refuse_half_a_form(page):
    page.goto("/sources/new?kind=zendesk&back=/welcome")
    page.locator("[name=subdomain]").fill("acme")
    page.locator("[name=client_secret]").fill("a secret")
    page.get_by_role("button", name="Save and test").click()
    expect(page.get_by_role("alert")).to_contain_text("client_id and client_secret belong together")
    expect(page.locator("[name=subdomain]")).to_have_value("acme")
    expect(page.locator("[name=client_secret]")).to_have_value("")


def connect(page, kind, given):
    page.goto(f"/sources/new?kind={kind}&back=/welcome")
    page.locator(".more-fields > summary").click()
    for name, value in given.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Save and test").click()
    expect(page.locator(f"#source-{kind} .tested")).to_contain_text("It answers")


def bring_teams(page):
    page.goto("/teams")
    page.get_by_label("Teams, areas, members and capacity").fill(TEAMS.read_text())
    page.get_by_role("button", name="Import").click()


def watch_to_the_end(page):
    """Come to the page, and let it tell by itself that nothing is under way any more."""
    page.goto("/welcome")
    expect(page.locator(".progress [role=status]")).to_have_count(0, timeout=LONG_MS)


def rank_and_commit(page):
    page.get_by_role("button", name="Make the sprint").click()
    page.locator("summary", has_text="Commit this plan").click()
    page.get_by_role("button", name="Commit and freeze").click()


def assert_ranked(page):
    page.wait_for_url("**/s/first-customer-sprint/board")
    ranks = [int(each) for each in page.locator("#board td.rank b").all_inner_texts()]
    assert len(ranks) > 5
    assert ranks == sorted(ranks)


def look_closely(page):
    wrong = []
    for address in ("/welcome", "/sources"):
        page.goto(address)
        for summary in page.locator("main details > summary").all():
            summary.click()
        for theme, width in (("light", 1280), ("dark", 320)):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": 860})
            wrong += [f"{address}, {theme} {width}: {each}" for each in axe(page) + sideways(page)]
    page.goto("/welcome")
    expect(page.locator(".step h2 small", has_text="done")).to_have_count(7)
    assert not wrong, "\n".join(wrong)
