"""The journey of ux: every action is a form, so it works with JavaScript off."""

from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from app.core.vocabulary import Role

NEW = "quite another staple"


def test_a_bug_is_found_claimed_and_fixed_without_script(demo, open_page):
    page = open_page(demo, None, js=False)
    page.goto("/sign-in?next=/board")
    page.get_by_role("button", name="Engineer").click()
    expect(page).to_have_url(f"{demo.url}/s/{demo.slug}/board")
    page.locator("select[name=state]").select_option("open")
    page.locator("select[name=team]").select_option("mail")
    page.get_by_role("button", name="Filter").click()
    row = page.locator("#board tbody tr").last
    bug, address = row.get_attribute("id"), page.url
    row.locator("button.claim").click()
    expect(page).to_have_url(address)
    assert page.locator(f"#{bug}").count() == 0, "It is claimed, so the filter leaves it out."
    page.goto(f"/bugs/{bug.removeprefix('bug-')}")
    expect(page.locator(".bug-facts .state")).to_have_text("claimed")
    page.get_by_role("button", name="Mark as fixed").click()
    expect(page.locator(".bug-facts .state")).to_have_text("fixed")
    expect(page.locator("#notes .note").first).to_contain_text("Farah N.")


def test_tickets_are_linked_and_tagged_and_the_report_is_read_without_script(demo, open_page):
    page = open_page(demo, None, js=False)
    page.goto("/sign-in?next=/tickets")
    page.get_by_role("button", name="Support lead").click()
    ticket = page.locator("li.ticket").first
    name = ticket.get_attribute("id")
    ticket.get_by_role("checkbox").check()
    page.get_by_label("Tag", exact=True).fill("needs-steps")
    page.get_by_role("button", name="Tag", exact=True).click()
    expect(page.locator(f"#{name} .chip", has_text="needs-steps")).to_have_count(1)
    page.locator(f"#{name}").get_by_role("checkbox").check()
    page.get_by_label("Key, number or address of a bug").fill(_a_key(demo, page))
    page.get_by_role("button", name="Link", exact=True).click()
    assert page.locator(f"#{name}").count() == 0, "It has a bug now and no longer waits."
    page.goto("/tickets?show=linked")
    page.get_by_role("link", name="Impact").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("fixed")
    expect(page.locator(".figures dt")).to_have_count(4)


def test_weights_are_tried_without_script_and_nothing_is_stored(demo, open_page):
    page = open_page(demo, None, js=False)
    page.goto("/ranking")
    page.get_by_label("The weight of waiting (beta)").fill("4")
    page.get_by_role("button", name="Try").click()
    expect(page.get_by_role("heading", name="What would move")).to_be_visible()
    expect(page.locator(".moves tbody tr")).to_have_count(20)
    expect(page.get_by_label("The weight of waiting (beta)")).to_have_value("4")
    assert page.get_by_role("button", name="Save as a new version").count() == 0
    page.get_by_role("link", name="Back to version").click()
    expect(page.get_by_label("The weight of waiting (beta)")).to_have_value("1")


def _a_key(demo, page):
    other = page.context.new_page()
    other.goto(f"/s/{demo.slug}/board")
    key = other.locator("#board td.bug small").first.get_attribute("title")
    other.close()
    return key


def test_times_are_dates_without_script_and_words_with_it(demo, open_page):
    plain, dressed = open_page(demo, js=False), open_page(demo)
    for page in (plain, dressed):
        page.goto(f"/s/{demo.slug}/board")
    written = plain.locator("#notes time").first.inner_text()
    said = dressed.locator("#notes time")
    assert written.rsplit(":", 1)[1].isdigit()
    words = (" ago", "just now", "yesterday")
    assert not [each for each in said.all_inner_texts() if not each.endswith(words)]
    assert said.first.get_attribute("title")


def test_times_are_in_the_zone_one_chose_also_without_script(demo, open_page):
    page = open_page(demo, Role.exec, js=False)
    page.goto(f"/s/{demo.slug}/board")
    first = page.locator("#notes time").first
    assert first.get_attribute("title").endswith(" UTC")
    utc, at = first.inner_text(), first.get_attribute("datetime")
    page.goto("/me")
    page.get_by_label("Time zone").select_option("Asia/Kolkata")
    page.get_by_role("button", name="Save").click()
    page.goto(f"/s/{demo.slug}/board")
    assert first.get_attribute("datetime") == at
    assert first.get_attribute("title").endswith(" Asia/Kolkata")
    there = datetime.fromisoformat(at).astimezone(ZoneInfo("Asia/Kolkata"))
    assert first.inner_text() == f"{there.day} {there:%b %H:%M}" != utc
    page.goto("/me")
    page.get_by_label("Time zone").select_option("")
    page.get_by_role("button", name="Save").click()


def test_a_token_is_made_and_revoked_without_script(empty, open_page):
    page = open_page(empty, js=False)
    page.goto("/people")
    page.get_by_label("Name of the program").fill("ci")
    page.get_by_role("checkbox", name="board.read").check()
    page.get_by_role("button", name="Make it").click()
    expect(page.locator("#new-token")).to_contain_text("bsp_")
    page.get_by_role("button", name="Revoke ci").click()
    expect(page.get_by_role("cell", name="revoked")).to_be_visible()


def test_a_person_is_added_changes_their_password_and_is_kept_out_without_script(empty, open_page):
    boss, bo = open_page(empty, js=False), open_page(empty, None, js=False)
    boss.goto("/people")
    form = boss.locator("form[action='/people']")
    form.locator("[name=email]").fill("bo@example.com")
    form.get_by_label("Role").select_option("engineer")
    form.locator("[name=password]").fill("correct horse battery")
    form.get_by_role("button", name="Add").click()
    expect(boss.get_by_role("heading", name="Bo first password")).to_be_visible()
    bo.goto("/sign-in?next=/me")
    bo.locator("[name=email]").fill("bo@example.com")
    bo.locator("[name=password]").fill("correct horse battery")
    bo.get_by_role("button", name="Sign in").click()
    for name, typed in (("old", "correct horse battery"), ("new", NEW), ("again", NEW)):
        bo.locator(f"[name={name}]").fill(typed)
    bo.get_by_role("button", name="Change the password").click()
    expect(bo.get_by_role("cell", name="password", exact=True)).to_have_count(1)
    boss.get_by_role("button", name="Keep out Bo").click()
    expect(boss.get_by_text("kept out")).to_be_visible()
    bo.goto("/me")
    expect(bo.get_by_role("heading", name="Sign in")).to_be_visible()
