"""What people choose: dark or light, no motion, forced colours, paper."""

import re

import pytest
from playwright.sync_api import expect
from sqlmodel import Session, col, select

from app.core.vocabulary import LinkState, Role
from app.db.models import Link
from tests.browser.board import open_board, open_rows
from tests.browser.looking import axe, sideways

GROUND = "() => getComputedStyle(document.documentElement).backgroundColor"
MOVING = """() => [...document.querySelectorAll('*')].filter((each) => {
  const style = getComputedStyle(each);
  return [style.transitionDuration, style.animationDuration].some((spans) =>
    spans.split(',').some((span) => parseFloat(span) > 0.001));
}).map((each) => each.outerHTML.slice(0, 80))"""
OUTLINE = "(each) => getComputedStyle(each).outlineStyle"
EDGES = """(links) => {
  const edge = (each) => getComputedStyle(each).borderBottomColor;
  const all = [...document.querySelectorAll(links)];
  return [edge(all.find((each) => each.ariaCurrent)),
    all.filter((each) => !each.ariaCurrent).map(edge)];
}"""
CUT = """(charts) => charts.flatMap((chart) => {
  const box = chart.getBoundingClientRect(), sheet = document.body.getBoundingClientRect();
  const whole = box.left >= 0 && box.right <= sheet.right && chart.closest('.scroll').scrollWidth
    <= chart.closest('.scroll').clientWidth && getComputedStyle(chart.closest('figure')).breakInside
    === 'avoid';
  return whole ? [] : [chart.outerHTML.slice(0, 80)];
})"""
PAPERS = {"A4": 703, "Letter": 725}  # px between the margins
SHEETS = re.compile(rb"/Type\s*/Page\b")


def test_the_chosen_theme_stays_on_the_next_page_and_before_the_first_paint(demo, open_page):
    page = open_board(open_page(demo), demo)
    light = page.evaluate(GROUND)
    page.locator("#theme").click()
    dark = page.evaluate(GROUND)
    assert dark != light
    for address in ("/teams", f"/s/{demo.slug}/impact"):
        page.goto(address, wait_until="commit")
        assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
        page.wait_for_load_state()
        assert page.evaluate(GROUND) == dark
    page.locator("#theme").click()
    page.reload()
    assert page.evaluate(GROUND) == light


def test_nothing_moves_for_those_who_want_no_motion(demo, open_page):
    page = open_page(demo, reduced_motion="reduce")
    for address in ("/board", "/tickets", f"/s/{demo.slug}/plan"):
        page.goto(address)
        assert page.evaluate(MOVING) == []


def test_forced_colours_leave_every_state_in_words_and_every_button_with_an_edge(demo, open_page):
    page = open_board(open_page(demo, forced_colors="active"), demo)
    assert page.evaluate("() => matchMedia('(forced-colors: active)').matches")
    states = page.locator("#board .state").all_inner_texts()
    assert {"open", "fixed"} <= {text.strip() for text in states}
    edges = page.evaluate(
        """() => [...document.querySelectorAll('#board button')].filter((each) =>
             each.offsetParent && getComputedStyle(each).borderStyle === 'none').length"""
    )
    assert edges == 0
    row = open_rows(page)[0]
    page.locator(f"#{row} button.claim").focus()
    ring = "(row) => getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(ring, row) == "solid"
    page.goto("/tickets?show=linked")
    chosen, others = page.evaluate(EDGES, ".tabs a")
    assert chosen not in others, "Which tab is open is told by its edge alone."
    page.goto(f"/bugs/{_a_linked_bug(demo)}")
    assert page.locator("button[aria-pressed=true]").first.evaluate(OUTLINE) == "solid"
    assert page.locator("button[aria-pressed=false]").first.evaluate(OUTLINE) == "none"


def _a_linked_bug(world):
    with Session(world.engine) as db:
        linked = select(Link.bug_id).where(Link.state == LinkState.confirmed)
        return db.exec(linked.order_by(col(Link.bug_id))).first()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_impact_page_fits_on_one_sheet(paper, theme, demo, open_page):
    page = open_page(demo, Role.exec, theme=theme)
    page.goto(f"/s/{demo.slug}/impact")
    sheets = SHEETS.findall(page.pdf(format=paper, print_background=True))
    print(f"impact on {paper}, {theme}: {len(sheets)} sheet")
    assert len(sheets) == 1
    page.emulate_media(media="print")
    for kept in (".impact h1", ".figures", ".impact-list", ".impact-foot", ".impact svg[role=img]"):
        expect(page.locator(kept).first).to_be_visible()
    for gone in (".rail", ".top", "#theme"):
        expect(page.locator(gone)).to_be_hidden()


def test_the_details_print_on_two_sheets_at_most_with_their_charts_whole(demo, open_page):
    page = open_page(demo, Role.exec)
    page.goto(f"/s/{demo.slug}/impact/details")
    for paper, width in PAPERS.items():
        page.emulate_media()
        sheets = SHEETS.findall(page.pdf(format=paper, print_background=True))
        print(f"details on {paper}: {len(sheets)} sheets")
        assert 1 <= len(sheets) <= 2
        page.set_viewport_size({"width": width, "height": 1000})
        page.emulate_media(media="print")
        assert sideways(page) == []
        charts = page.locator("svg[role=img]")
        assert charts.count() == 2
        assert charts.evaluate_all(CUT) == []
        for gone in (".rail", ".top", ".chart-data"):
            expect(page.locator(gone).first).to_be_hidden()


def test_at_twice_the_size_nothing_is_cut_off(demo, open_page):
    page = open_board(open_page(demo, width=640, device_scale_factor=2), demo)
    assert sideways(page) + axe(page) == []
