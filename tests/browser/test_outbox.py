"""From a fixed bug to approved messages by the buttons people use, without a script."""

import re

from playwright.sync_api import expect
from sqlmodel import Session, select

from app.core.vocabulary import ItemState, Role
from app.db.models import Outgoing, SprintItem
from tests.browser.looking import faults


def test_a_fix_is_released_and_its_messages_are_approved_and_taken_back(demo, open_page):
    with Session(demo.engine) as db:
        done = select(SprintItem.bug_id).where(SprintItem.state == ItemState.fixed)
        bug = db.exec(done.order_by(SprintItem.id)).first()
    page = open_page(demo, Role.support_lead, js=False)
    page.goto(f"/bugs/{bug}")
    page.get_by_role("button", name="Say it is released").click()
    expect(page.locator(".bug-facts .state")).to_have_text("released")
    expect(page.locator("#told")).to_contain_text(re.compile(r"0 of \d+ customers? told"))
    page.get_by_role("link", name="Outbox").first.click()
    letter = page.locator("li.letter:has(input)").first
    with Session(demo.engine) as db:
        number = int(letter.get_attribute("id").removeprefix("message-"))
        body = db.get(Outgoing, number).body
    assert letter.locator(".plain").inner_text() == body
    for button, word in (("Approve", "approved"), ("Take back", "waits for approval")):
        page.locator(f"#message-{number}").get_by_role("checkbox").check()
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.locator(f"#message-{number} .chip").first).to_have_text(word)
    dressed = open_page(demo)
    dressed.goto("/outbox")
    wrong = faults(dressed)
    dressed.goto(f"/bugs/{bug}")
    wrong += faults(dressed)
    assert not wrong, "\n".join(wrong)
