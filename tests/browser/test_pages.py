"""Every page of the demo, wide and narrow, light and dark: accessible, light, nothing cut off."""

import pytest
from sqlmodel import Session, col, select

from app.core.vocabulary import LinkState
from app.db.models import Bug, Link
from tests.browser.looking import axe, sideways, weigh

WIDTHS, NARROWEST = (1280, 390), 320
KILOBYTES, SCRIPT_KILOBYTES = 100, 40
PAGES = {
    "board": "/s/{slug}/board",
    "board-nothing-matches": "/s/{slug}/board?q=quuxquux&state=told",
    "board-columns": "/s/{slug}/board?shape=columns",
    "board-areas": "/s/{slug}/board?shape=areas",
    "bug": "/bugs/{bug}",
    "tickets": "/tickets",
    "tickets-linked": "/tickets?show=linked",
    "teams": "/teams",
    "plan": "/s/{slug}/plan",
    "ranking": "/ranking",
    "ranking-tried": "/ranking?beta=3&gamma=0",
    "impact": "/s/{slug}/impact",
    "details": "/s/{slug}/impact/details",
    "welcome": "/welcome",
    "connect": "/sources/new?kind=zendesk",
    "people": "/people",
    "sources": "/sources",
    "sprints": "/sprints",
    "outbox": "/outbox",
    "audit": "/audit",
    "privacy": "/privacy",
    "wallboards": "/wallboards",
    "wallboard": "/tv",
    "me": "/me",
    "sign-in": "/sign-in",
    "nothing-here": "/nothing/here",
    "no-such-bug": "/bugs/999999",
    "strange-cursor": "/s/{slug}/board?after=%00%27&limit=zero",
}


@pytest.fixture(scope="module")
def addresses(demo):
    """The pages with the demo's own names in them."""
    with Session(demo.engine) as db:
        linked = select(Link.bug_id).where(Link.state == LinkState.confirmed)
        bug = db.exec(select(Bug.id).where(col(Bug.id).in_(linked)).order_by(col(Bug.id))).first()
    return {name: path.format(slug=demo.slug, bug=bug) for name, path in PAGES.items()}


def faults(page):
    """Look at the page in both themes and all widths, and return all that is wrong."""
    found = []
    for theme in ("light", "dark"):
        # Colours that still change are neither theme's.
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 860})
            found += [f"{theme} {width} px: {what}" for what in axe(page) + sideways(page)]
    page.set_viewport_size({"width": NARROWEST, "height": 860})
    return found + [f"{NARROWEST} px: {what}" for what in sideways(page)]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_fits_and_is_light(name, demo, addresses, open_page):
    page = open_page(demo)
    weight = weigh(page)
    page.goto(addresses[name], wait_until="load")
    page.wait_for_timeout(100)
    heavy = [
        f"{what} weighs {bytes_ / 1024:.0f} KB of {most}"
        for what, bytes_, most in (
            ("the page", weight.all, KILOBYTES),
            ("its script", weight.script, SCRIPT_KILOBYTES),
        )
        if bytes_ > most * 1024 or not bytes_
    ]
    print(f"{name}: {weight.all / 1024:.0f} KB, script {weight.script / 1024:.0f} KB")
    wrong = heavy + faults(page)
    assert not wrong, "\n".join(wrong)
