"""Somebody's first day: a password of their own, a second factor, and both at the door."""

from datetime import UTC, datetime

from playwright.sync_api import expect
from sqlmodel import Session

from app.actions import people
from app.core import onetime
from app.core.vocabulary import Role
from tests import make
from tests.browser.looking import faults

FIRST, OWN = "correct horse battery", "quite another staple"


def test_a_first_password_and_a_second_factor_are_asked_for_and_each_page_is_sound(
    empty, open_page, quick_passwords
):
    at = datetime.now(UTC)
    with Session(empty.engine) as db:
        make.user(db, Role.admin)
        about = {"role": Role.viewer, "password": FIRST, "team": None}
        people.add_user(db, "ana@example.com", at=at, **about)
    empty.app.state.second_factor = True
    page = open_page(empty, None)
    wrong = [*entered(page, FIRST), *chosen(page)]
    recovery, more = equipped(page)
    page.goto("/me")
    wrong += more + soundness("me", page)
    page.get_by_role("button", name="Sign out", exact=True).click()
    wrong += entered(page, OWN)
    page.get_by_label("Code of the authenticator").fill(recovery[0])
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{empty.url}/keys")
    assert not wrong, "\n".join(wrong)


def equipped(page):
    """Set a second factor up; returns its recovery codes, and what was wrong on the way."""
    page.get_by_label("My password").fill(OWN)
    page.get_by_role("button", name="Set it up").click()
    secret = onetime.read(page.locator("#secret").inner_text().replace(" ", ""))
    picture = page.get_by_role("img", name="QR code").bounding_box()
    assert picture and picture["width"] > 150
    wrong = soundness("begun", page)
    page.get_by_label("The six digits").fill(code(secret))
    page.get_by_role("button", name="It works").click()
    recovery = page.locator("#recovery-codes").inner_text().split()
    assert len(recovery) == 8
    return recovery, wrong + soundness("on", page)


def entered(page, password):
    page.goto("/sign-in?next=/keys")
    page.get_by_label("E-mail address").fill("ana@example.com")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    return soundness("entered", page)


def chosen(page):
    """Choose a password of one's own, and be led to the second factor."""
    page.get_by_label("Password until now").fill(FIRST)
    page.locator("[name=new]").fill(OWN)
    page.locator("[name=again]").fill(OWN)
    page.get_by_role("button", name="Change the password").click()
    return soundness("off", page)


def soundness(name, page):
    return [f"{name}: {fault}" for fault in faults(page)]


def code(secret):
    return onetime.code(secret, onetime.step_at(datetime.now(UTC)))
