"""The palette finds by words, in one reading, what the visitor may open."""

import pytest
from sqlalchemy import event

from app.core.vocabulary import Role
from app.db.queries import palette
from tests import make

HTMX = {"hx-request": "true"}


def test_pages_teams_and_bugs_are_found_by_words_and_keys(db, sign_in, sample):
    visitor = sign_in(Role.engineer)
    page = visitor.get("/palette?q=login").text
    assert f'href="/bugs/{sample.other}"' in page
    assert f'href="/bugs/{sample.bug}"' not in page
    assert 'href="/board?team=payments"' in visitor.get("/palette?q=pay").text
    assert f'href="/s/{sample.slug}/plan"' in visitor.get("/palette?q=PLAN").text
    assert "Nothing is called that." in visitor.get("/palette?q=quux%25").text


def test_pages_that_one_may_not_open_are_not_offered(sign_in, sample):
    part = sign_in(Role.viewer).get("/palette", headers=HTMX).text
    assert 'data-href="/board"' in part
    assert "/sources" not in part
    assert "/tickets" not in part
    assert 'data-href="/sources"' in sign_in(Role.admin).get("/palette", headers=HTMX).text


@pytest.mark.parametrize("words", [["e"], ["export", "hangs"], ["%"], ["_"], ["\\"]])
def test_a_search_is_one_statement_and_at_most_twenty_places(words, db, engine):
    for number in range(30):
        make.bug(db, f"Export hangs {number}")
    make.ranked(db)
    seen = []
    event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    found = palette.hits(db, words, limit=20)
    assert len([each for each in seen if "SELECT" in each]) == 1
    assert len(found) == (20 if words[0].isalpha() else 0)


def test_a_merged_bug_is_found_under_the_one_that_stands_for_it(db, sign_in, sample):
    second = make.bug(db, "Export hangs again", duplicate_of_id=sample.bug)
    second_id = second.id
    db.rollback()
    assert f"/bugs/{second_id}" not in sign_in(Role.viewer).get("/palette?q=again").text


def test_a_look_at_a_bug_shows_what_the_visitor_may_see(sign_in, sample):
    lead, viewer = sign_in(Role.support_lead), sign_in(Role.viewer)
    seen, less = (who.get(f"/bugs/{sample.bug}/peek").text for who in (lead, viewer))
    for words in ("Export hangs", "Acme", "one ticket"):
        assert words in seen
    assert "It does not work" in seen
    assert "It does not work" not in less
    assert "<html" not in seen
    assert lead.get("/bugs/999999/peek").status_code == 404


def test_every_key_is_listed_on_a_page_of_its_own(sign_in):
    page = sign_in(Role.viewer).get("/keys").text
    assert page.count("<h1>Keys</h1>") == 1
    for does in ("undo the last action", "select all that are shown", "palette"):
        assert does in page
