"""Words find a ticket by what the page says of it."""

import pytest

from app.actions import merging, tickets
from app.core.vocabulary import Role
from tests import make
from tests.web.conftest import NOON


@pytest.fixture
def found(db, sign_in):
    """Ask the inbox for words; returns the subjects."""
    acme = make.customer(db, "Acme Schools")
    bug = make.bug(db, "Export hangs", key="acme/app#12")
    twin = make.bug(db, "The same", key="acme/app#13")
    make.ticket(db, on=bug, subject="first", customer_id=acme.id, tags=["vip", "größe"])
    make.ticket(db, on=twin, subject="second", tags=["vip_not"])
    own = make.ticket(db, subject="third").id
    merging.merge(db, twin.id, bug.id, actor="Ana", at=NOON)
    tickets.tag(db, [own], add=["billing"], remove=[], actor="Ana", at=NOON)
    visitor = sign_in(Role.engineer)

    def asked(words):
        answer = visitor.get("/api/v1/tickets", params={"show": "all", "q": words})
        assert answer.status_code == 200
        return sorted(item["subject"] for item in answer.json()["items"])

    return asked


@pytest.mark.parametrize(
    ("words", "subjects"),
    [
        ("vip", ["first"]),
        ("größe", ["first"]),
        ("billing", ["third"]),
        ("acme schools", ["first"]),
        ("schools vip", ["first"]),
        ("schools billing", []),
        ("ACME/app#12", ["first", "second"]),
        ("acme/app#13", ["second"]),
        ("acme/app#1", []),
        ('v"ip', []),
        ("v_p", []),
    ],
)
def test_a_tag_a_customer_and_a_bugs_key_are_found(found, words, subjects):
    assert found(words) == subjects


@pytest.mark.parametrize(("name", "value"), [("status", "opne"), ("show", "everything")])
def test_a_list_that_does_not_exist_is_refused_by_name(sign_in, name, value):
    answer = sign_in(Role.support_lead).get("/api/v1/tickets", params={name: value})
    assert answer.status_code == 422
    assert f"“{value}”" in answer.json()["title"]


def test_the_tickets_of_a_bug_that_are_not_shown_are_behind_its_link(db, sign_in):
    bug = make.bug(db, key="acme/app#7")
    for _ in range(52):
        make.ticket(db, on=bug)
    make.ranked(db)
    bug_id = bug.id
    db.rollback()
    visitor = sign_in(Role.engineer)
    page = visitor.get(f"/api/v1/bugs/{bug_id}").json()
    assert (len(page["tickets"]), page["more_tickets"]) == (50, 2)
    assert 'href="/tickets?show=all&amp;q=acme/app%237"' in visitor.get(f"/bugs/{bug_id}").text
    every = visitor.get("/api/v1/tickets", params={"show": "all", "q": "acme/app#7"}).json()
    assert every["matching"] == 52
