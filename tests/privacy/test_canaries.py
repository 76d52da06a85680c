"""Revenue and what people wrote as canaries, looked for in every GET and the live stream."""

import re

import httpx
import pytest

from app.actions import rankings
from app.core.permissions import granted
from app.core.ranking import Policy
from app.core.vocabulary import LinkState, OutgoingKind, OutgoingState, Role
from app.db.models import Bug, Customer, Outgoing, Ticket
from tests import make
from tests.web.direct import OURS, browser
from tests.web.roads import address, roads
from tests.web.serving import Stream, served

CENTS = 777_077_000
CANARIES = {
    "money.read": re.compile(r"7\D?770\D?770|777077000|7\.8 M"),
    "pii.read": re.compile("zebrawords|zebraasker"),
    "ticket.read": re.compile("zebrasubject"),
}
"""What each permission alone lets one see; the first as data, and as pages write it in short."""
EVERY = ("/tickets", "/api/v1/tickets", "/outbox", "/api/v1/outbox")
QUERIES = dict.fromkeys(EVERY, "?show=all") | dict.fromkeys(
    ("/ranking", "/api/v1/ranking"), "?alpha=1"
)
ENDLESS = {"/live", "/live/tv", "/tv/{token}/live"}
TIMEOUT = httpx.Timeout(30)


@pytest.fixture
def places(app, db, sample):
    """Every address to GET, with a customer, a ticket and a message that bear the canaries."""
    ticket, customer = db.get(Ticket, sample.ticket), db.get(Customer, sample.rich)
    ticket.text, ticket.requester, ticket.subject = "zebrawords", "zebraasker", "zebrasubject"
    customer.arr_cents = CENTS
    make.link(db, db.get(Ticket, sample.loose), db.get(Bug, sample.other),
              state=LinkState.suggested)  # fmt: skip
    db.add(Outgoing(kind=OutgoingKind.told, state=OutgoingState.draft, source_id=ticket.source_id,
                    bug_id=sample.bug, customer_id=customer.id, ticket_id=ticket.id,
                    transition="t", target=ticket.external_id, body="It is fixed. BSP-1",
                    public=True, marker="BSP-1", made_at=make.DAWN, made_by="Adi"))  # fmt: skip
    db.commit()
    rankings.save_policy(db, Policy(alpha=1.0, arr_ref_cents=CENTS), actor="test", at=make.DAWN)
    db.rollback()
    gets = [path for method, path, _ in roads(app) if method == "GET" and path not in ENDLESS]
    found = [address(path, sample) + QUERIES.get(path, "") for path in gets]
    assert len(found) >= 38
    return [*found, "/openapi.json", f"/s/{sample.slug}/board?q=zebra", "/tickets?show=all&q=zebra"]


def seen(visitor, places):
    """Return by canary at which addresses it was shown, and how many answered at all."""
    answers = {place: visitor.get(place, follow_redirects=True) for place in places}
    assert all(answer.status_code < 500 for answer in answers.values())
    shown = {
        name: {place for place, answer in answers.items() if canary.search(answer.text)}
        for name, canary in CANARIES.items()
    }
    return shown, sum(answer.status_code == 200 for answer in answers.values())


@pytest.fixture
def people(engine):
    """Everybody on one database; who is shown what does not hang on which, so two on the other."""
    if engine.dialect.name == "postgresql":
        return [(Role.viewer, False), (Role.support_lead, False)]
    return [*((role, False) for role in Role), (Role.engineer, True), (Role.exec, True)]


def test_no_answer_shows_a_role_what_another_permission_guards(places, sign_in, people):
    for role, organiser in people:
        visitor = sign_in(role, organiser=organiser, email=f"{role}{organiser}@example.com")
        shown, answered = seen(visitor, places)
        assert answered >= 25
        may = granted(role, organiser=organiser)
        for permission, where in shown.items():
            # Both ways: where a canary may be seen it is, so that the search is known to find it.
            assert bool(where) == (permission in may), (role, organiser, permission, where)


@pytest.mark.parametrize("scope", ["bug.claim", "ticket.read"])
def test_a_program_sees_no_more_than_its_scope(app, places, token, scope):
    program = browser(app)
    program.headers["authorization"] = f"Bearer {token(scope, 'board.read')}"
    shown, answered = seen(program, places)
    assert answered >= 10
    found = {permission for permission, where in shown.items() if where}
    assert found == {scope} & CANARIES.keys(), shown


def test_what_is_pushed_to_every_page_has_no_canary(app, places, sample, token):
    program = {"authorization": f"Bearer {token('board.read', 'bug.claim')}"}
    path = f"/live?s={sample.slug}"
    with (
        served(app) as (base, _, _),
        httpx.stream("GET", base + path, headers=program, timeout=TIMEOUT) as answer,
    ):
        stream = Stream(answer)
        for verb, wish in (("claim", {"team_id": sample.team}), ("resolve", None)):
            url = f"{base}/api/v1/bugs/{sample.bug}/{verb}"
            said = httpx.post(url, json=wish, headers=program | OURS, timeout=TIMEOUT)
            assert said.status_code == 200
            frame = stream.next()["data"]
            assert f'id="bug-{sample.bug}"' in frame and "1–10 M" in frame
            for canary in CANARIES.values():
                assert not canary.search(frame + said.text)
