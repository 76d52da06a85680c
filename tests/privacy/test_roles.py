"""Nobody reads more of a customer than their role needs: on no page, in no JSON and no CSV."""

import json

import pytest

from app.actions import rankings
from app.core.ranking import Policy, weight
from app.core.vocabulary import LinkState, Role
from app.db.models import Bug, Customer, Ticket
from tests import make

CENTS = 123_456_700
POLICY = Policy(alpha=1.0, arr_ref_cents=500_000_000)
TEXT = "canary words of a customer"
MONEY, READERS = {Role.support_lead, Role.exec, Role.admin}, {Role.support_lead, Role.admin}


@pytest.fixture
def places(db, sample):
    """Every address that shows bugs, tickets or customers, with one customer alone on a bug."""
    ticket = db.get(Ticket, sample.ticket)
    ticket.text, ticket.subject = TEXT, "An ordinary subject"
    assert db.get(Customer, sample.rich).arr_cents == CENTS
    make.link(db, db.get(Ticket, sample.loose), db.get(Bug, sample.other),
              state=LinkState.suggested)  # fmt: skip
    make.customer(db, "Other", arr_cents=500_000_000)
    db.commit()
    rankings.save_policy(db, POLICY, actor="test", at=make.DAWN)
    db.rollback()
    bug, slug = sample.bug, sample.slug
    pages = [f"/bugs/{bug}", f"/s/{slug}/board", f"/s/{slug}/plan", f"/s/{slug}/impact", "/board"]
    pages += ["/tickets?show=all", "/teams", "/sprints", "/me", f"/s/{slug}/impact.csv"]
    data = [f"bugs/{bug}", "board", "bugs", "customers", "links", "tickets?show=all", "teams"]
    data += ["sprints", f"sprints/{slug}/plan", f"reports/{slug}/impact"]
    return [*pages, *(f"/api/v1/{each}" for each in data)]


@pytest.mark.parametrize("role", list(Role))
def test_ticket_text_is_seen_by_those_who_answer_tickets_only(places, sign_in, role):
    visitor = sign_in(role)
    answers = {path: visitor.get(path, follow_redirects=True) for path in places}
    assert sum(answer.status_code == 200 for answer in answers.values()) >= 15
    showing = {path for path, answer in answers.items() if TEXT in answer.text}
    assert bool(showing) == (role in READERS), showing


@pytest.mark.parametrize("role", list(Role))
def test_no_figure_tells_the_revenue_to_those_who_may_not_know_it(places, sign_in, sample, role):
    visitor = sign_in(role)
    exact = str(CENTS // 100)
    showing = {p for p in places if exact in visitor.get(p, follow_redirects=True).text}
    assert bool(showing) == (role in MONEY), showing
    why = visitor.get(f"/api/v1/bugs/{sample.bug}").json()["why"]
    only = why["stakes"][0]
    points = only["importance_points"] + only["waiting_points"] + only["ticket_points"]
    told = {
        "weight": only["weight"],
        "score": why["score"] / why["severity_factor"] / points,
        "contribution": only["contribution"] / why["severity_factor"] / points,
    }
    true = weight(CENTS, POLICY)
    assert true * 2 % 1 > 0.01
    assert all((abs(w - true) < 1e-6) == (role in MONEY) for w in told.values()), (told, true)


@pytest.mark.parametrize("path, name", [("board", "score"), ("bugs", "score")])
def test_scores_that_all_see_alike_have_two_digits(places, sign_in, path, name):
    for item in sign_in(Role.admin).get(f"/api/v1/{path}").json()["items"]:
        assert float(f"{item[name]:.2g}") == item[name]


def test_an_engineer_finds_nothing_by_words_that_they_may_not_read(places, sign_in):
    for role, found in ((Role.engineer, 0), (Role.support_lead, 1)):
        answer = sign_in(role).get("/api/v1/tickets?show=all&q=canary").json()
        assert answer["matching"] == found
        assert (TEXT in json.dumps(answer)) == bool(found)
