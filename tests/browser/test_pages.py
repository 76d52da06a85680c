"""Every page, full, empty or refused, wide and narrow, light and dark: accessible and whole."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlmodel import Session, col, select

from app.core.vocabulary import LinkState, Phase, Role, SourceState
from app.db.models import Bug, Link
from tests import make
from tests.browser.conftest import PATIENCE_MS, signed_in
from tests.browser.looking import HEIGHT, WIDTHS, faults, weigh
from tests.browser.test_locked import LOCKED, locked
from tests.browser.watching import watch
from tests.web.roads import roads

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
    "wallboard-gone": "/tv/bsw_gone",
    "me": "/me",
    "actions": "/me/actions",
    "palette": "/palette?q=composer",
    "keys": "/keys",
    "sign-in": "/sign-in",
    "code": "/sign-in/code",
    "second-factor": "/me/second-factor",
    "nothing-here": "/nothing/here",
    "no-such-bug": "/bugs/999999",
    "strange-cursor": "/s/{slug}/board?after=%00%27&limit=zero",
}
BEFORE_ANYTHING = (
    *("/welcome", "/sprints", "/tickets", "/sources", "/teams", "/ranking", "/outbox", "/people"),
    *(
        "/audit",
        "/privacy",
        "/wallboards",
        "/me",
        "/me/second-factor",
        "/me/actions",
        "/palette?q=quuxquux",
    ),
)
WITHOUT_BUGS = (
    *("/s/{slug}/board", "/s/{slug}/plan", "/s/{slug}/impact", "/s/{slug}/impact/details"),
    *("/tv", "/bugs/{bug}"),
)
SAID = {
    "/sprints": "No sprint yet.",
    "/tickets": "No tickets yet.",
    "/sources": "No source yet.",
    "/teams": "No teams yet.",
    "/s/{slug}/board": "The sprint has no bugs yet.",
    "/s/{slug}/plan": "There is no team to plan for.",
    "/s/{slug}/impact": "No bug is fixed yet.",
}
NEVER_EMPTY = {"/keys", "/sign-in", "/sign-in/code", "/sources/new", "/tv/{token}"}
NO_PAGE = {
    *("/", "/board", "/sign-in/oidc", "/sign-in/oidc/back"),  # they lead on to a page
    "/me/first-password",  # for some only: test_second_factor.py
    *("/bugs/{bug_id}/peek", "/sources/{name}/run", "/filters/complete"),  # parts of a page
    *("/audit.csv", "/audit.jsonl", "/s/{slug}/impact.csv", "/healthz", "/readyz"),
    *("/live", "/live/poll", "/live/tv", "/tv/{token}/live"),
}


@pytest.fixture(scope="module")
def addresses(demo):
    """The pages with the demo's own names in them."""
    with Session(demo.engine) as db:
        linked = select(Link.bug_id).where(Link.state == LinkState.confirmed)
        bug = db.exec(select(Bug.id).where(col(Bug.id).in_(linked)).order_by(col(Bug.id))).first()
    return {name: path.format(slug=demo.slug, bug=bug) for name, path in PAGES.items()}


@pytest.fixture(scope="module")
def window(demo, chromium):
    """One window into which each page is loaded: a new one costs as much as the page."""
    with signed_in(chromium, demo, Role.admin) as context:
        seen, page = watch(context, demo.url), context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        yield page, weigh(page), seen


def test_every_page_is_looked_at_full_and_empty(demo):
    ours = {path for method, path, _ in roads(demo.app) if method == "GET"} - NO_PAGE
    pages = {path for path in ours if not path.startswith("/api/")}
    assert len(pages) >= 22
    assert not_named(pages, PAGES.values()) == set()
    assert not_named(pages, [*BEFORE_ANYTHING, *WITHOUT_BUGS]) == NEVER_EMPTY


def not_named(pages, addresses):
    """Return the routes of which there is no address."""
    asked = [re.sub(r"\{\w+\}", "x", each).split("?")[0] for each in addresses]
    fits = {page: re.compile(re.sub(r"\{\w+\}", r"[^/]+", page)) for page in pages}
    exact = {page for page in pages if "{" not in page} & set(asked)
    loose = {p for p, fit in fits.items() if any(fit.fullmatch(a) for a in asked if a not in pages)}
    return pages - exact - loose


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_fits_and_is_light(name, window, addresses):
    page, weight, seen = window
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    seen.forget()
    weight.forget()
    page.goto(addresses[name], wait_until="load")
    page.wait_for_timeout(100)
    assert weight.all
    heavy = [
        f"{what} weighs {bytes_ / 1024:.0f} KB of {most}"
        for what, bytes_, most in (
            ("the page", weight.all, KILOBYTES),
            ("its script", weight.script, SCRIPT_KILOBYTES),
        )
        if bytes_ > most * 1024
    ]
    print(f"{name}: {weight.all / 1024:.0f} KB, script {weight.script / 1024:.0f} KB")
    wrong = heavy + faults(page) + seen.complaints()
    assert not wrong, "\n".join(wrong)


def test_an_empty_installation_is_sound_and_says_on_each_page_what_comes_first(empty, open_page):
    page = open_page(empty)
    wrong = looked_at(page, BEFORE_ANYTHING)
    today = datetime.now(UTC).date()
    with Session(empty.engine) as db:
        make.sprint(db, phase=Phase.prepare, starts_on=today, ends_on=today)
        bug = make.bug(db).id
        db.commit()
    wrong += looked_at(page, WITHOUT_BUGS, slug=empty.slug, bug=bug)
    page.goto("/board")
    page.get_by_role("link", name="Look at the plan").click()
    expect(page).to_have_url(f"{empty.url}/s/{empty.slug}/plan")
    assert not wrong, "\n".join(wrong)


def looked_at(page, addresses, **names):
    """Open some pages, see what they say, and return all that is wrong."""
    wrong = []
    for address in addresses:
        answer = page.goto(address.format(**names))
        assert answer.status == 200, address
        expect(page.locator("body")).to_contain_text(SAID.get(address, ""))
        wrong += [f"{address}: {fault}" for fault in faults(page)]
    return wrong


def test_what_is_refused_busy_or_failing_is_sound_too(empty, open_page, seen):
    today = datetime.now(UTC).date()
    with Session(empty.engine) as db:
        make.sprint(db, bug := make.bug(db), starts_on=today, ends_on=today)
        bug_id = bug.id
        make.source(db, "github", state=SourceState.failing, note=f"It refused us. {'Why? ' * 40}")
        db.commit()
    page = open_page(empty)
    seen[0].expected += (LOCKED,)
    wrong = []
    for name, reach in REACHED.items():
        said = reach(page, empty, bug_id)
        expect(page.locator("body")).to_contain_text(said)
        wrong += [f"{name}: {fault}" for fault in faults(page)]
    assert not wrong, "\n".join(wrong)


def failing(page, world, _bug):
    page.goto(f"/s/{world.slug}/board")
    page.locator(".freshness > summary").click()
    return "It refused us."


def failing_card(page, _world, _bug):
    page.goto("/sources")
    return "It refused us."


def half_a_source(page, _world, _bug):
    page.goto("/sources/new?kind=zendesk")
    page.locator("[name=subdomain]").fill("acme")
    page.locator("[name=client_secret]").fill("a secret")
    page.get_by_role("button", name="Save and test").click()
    return "belong together"


def two_passwords(page, _world, _bug):
    page.goto("/me")
    page.evaluate(
        """() => { const form = Object.assign(document.createElement('form'),
             {method: 'post', action: '/me/password'});
           for (const [name, value] of [['old', 'a'], ['new', 'b'], ['again', 'c']])
             form.append(Object.assign(document.createElement('input'), {name, value}));
           document.body.append(form); form.submit(); }"""
    )
    return "written in two ways"


def nothing_ticked(page, world, _bug):
    page.goto(f"/s/{world.slug}/board")
    page.evaluate(
        """() => { const form = document.getElementById('bulk');
             const tag = document.createElement('input');
             form.append(Object.assign(tag, {name: 'do', value: 'claim'})); form.submit(); }"""
    )
    return "Tick at least one bug first."


def busy(page, world, bug):
    page.goto(f"/bugs/{bug}")
    with locked(world):
        page.evaluate("() => document.querySelector('form[action$=\"/claim\"]').submit()")
        expect(page.locator("main h1")).to_contain_text("nothing was changed")
    return "nothing was changed"


REACHED = {
    "source failing": failing,
    "sources failing": failing_card,
    "source refused": half_a_source,
    "password refused": two_passwords,
    "nothing ticked": nothing_ticked,
    "database busy": busy,
}
