"""Every page in both themes, wide and narrow: accessible, quiet, and nothing sideways."""

import pytest

from tests.browser.looking import axe, sideways
from tests.browser.watching import watch
from tests.sizes import NIGHTLY
from tests.web.given_pages import PAGES

SMALL = """[...document.querySelectorAll('button, summary, select, .rail a, .tabs a')]
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 24)
    .map(e => e.outerHTML.slice(0, 120))"""


# The plain ones are looked at in the demo, with all around them.
VARIANTS = [name for name in PAGES if NIGHTLY or "-" in name]


@pytest.fixture(scope="module")
def window(chromium, drawn_pages):
    """One window into which each page is loaded: a new one costs as much as the page."""
    with chromium.new_context(reduced_motion="reduce") as context:
        seen = watch(context, drawn_pages.base)
        yield context.new_page(), seen


@pytest.mark.parametrize("name", VARIANTS)
def test_a_page_is_sound(window, drawn_pages, name):
    page, seen = window
    seen.forget()
    page.goto(f"{drawn_pages.base}/{name}")
    for theme, width in (("light", 1280), ("dark", 320)) if NIGHTLY else (("dark", 320),):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 800})
        assert axe(page) + sideways(page) == [], theme
        assert page.evaluate(SMALL) == [], theme
    assert seen.complaints() == []


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_report_prints_on_one_sheet(chromium, drawn_pages, paper):
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"{drawn_pages.base}/impact")
        pdf = page.pdf(format=paper, print_background=True)
        assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page/") == 1


def test_the_chosen_theme_stays_after_a_reload(chromium, drawn_pages):
    with chromium.new_context(color_scheme="light") as context:
        page = context.new_page()
        page.goto(f"{drawn_pages.base}/board")
        page.click("#theme")
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        page.reload()
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_visitor_sees_no_button_that_would_be_refused(chromium, drawn_pages):
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"{drawn_pages.base}/board-visitor")
        assert page.locator(".act button:visible").count() == 0
        page.goto(f"{drawn_pages.base}/board")
        assert page.locator(".act button:visible").count() >= 40


def test_the_keys_move_along_the_rows_and_leave_fields_alone(chromium, drawn_pages):
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"{drawn_pages.base}/board")
        page.keyboard.press("j")
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.closest('tr').id") == "bug-2"
        page.keyboard.press("/")
        page.keyboard.type("jk")
        assert page.input_value("#find") == "jk"


def test_an_engineer_is_offered_acts_on_bugs_of_the_own_team_only(chromium, drawn_pages):
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"{drawn_pages.base}/board-engineer")
        assert page.locator("tr.mine button.claim:visible").count() > 0
        assert page.locator("tr.theirs").count() > 0
        assert page.locator("tr.theirs .act button:visible").count() == 0
