"""One person and one customer with a word of their own in every place that knows them."""

from datetime import timedelta
from types import SimpleNamespace

from sqlmodel import select

from app.actions import tickets as tagging
from app.core.vocabulary import OutgoingKind, OutgoingState
from app.db.models import DeadLetter, IdempotencyKey, Outgoing, Rating, Ticket
from app.db.queries import activity
from integrations.contract import Rating as RatingRecord
from integrations.contract import Rejected
from tests import make
from tests.actions.sources import Given, issue, organisation, page_of, run, ticket
from tests.make import DAWN

CANARY = "zebracanary"
ANN, BOB = "900", "901"
"""Ann writes for an organisation, Bob for himself."""
BYSTANDER = "ordinary words of somebody else"
LATER = DAWN + timedelta(hours=1)


def page(stamp=1, **more):
    """The tickets of both, and of somebody else, as their source gives them."""
    said = {"subject": f"{CANARY} subject", "text": f"Dear all, {CANARY} text", "stamp": stamp}
    said |= {"url": f"https://help.example/{CANARY}", "tags": (f"{CANARY}-tag",)} | more
    return page_of(
        ticket("1", requester=ANN, refs=[("acme/app#12", "tag"), ("acme/app#13", "text")], **said),
        ticket("2", requester=BOB, customer=None, **said),
        ticket("3", requester="902", text=BYSTANDER, stamp=stamp),
        rejected=(
            Rejected("9", "no date", f'{{"id": 9, "requester_id": {ANN}, "x": "{CANARY}"}}'),
            Rejected("8", "no date", f'{{"id": 8, "requester_id": {BOB}, "x": "{CANARY}"}}'),
            Rejected("7", "no date", '{"id": 7, "requester_id": 9001, "x": "kept"}'),
        ),
    )


def acme():
    """The organisation that Ann writes for."""
    return organisation(name=f"{CANARY} Ltd", domains=(f"{CANARY}.example",), arr_cents=5_000_000)


def rated(external_id="r1"):
    """What Ann thinks of it."""
    return RatingRecord(ticket="1", external_id=external_id, score="bad", system="survey", at=DAWN)


def known(db):
    """Read them, and let everything happen to them that leaves something behind."""
    tracker = make.source(db, "github", name="gh")
    bugs = page_of(issue(12), issue(13, external_id="I13"))
    run(db, tracker, Given({"issues": [bugs]}))
    zendesk = make.source(db, "zendesk", name="zd", options={"subdomain": "acme"})
    streams = {"customers": [page_of(acme())], "tickets": [page()], "ratings": [page_of(rated())]}
    run(db, zendesk, Given(streams))
    tickets = db.exec(select(Ticket).order_by(Ticket.external_id))
    rows = {row.external_id: row for row in tickets}
    found = SimpleNamespace(source=zendesk.id, tickets={k: row.id for k, row in rows.items()})
    bug_id = make.bug(db, "Another bug").id
    for number, row in enumerate(rows.values()):
        body = BYSTANDER if row.external_id == "3" else f"Hello {CANARY}, it is fixed."
        db.add(
            Outgoing(
                kind=OutgoingKind.told,
                state=OutgoingState.draft,
                source_id=zendesk.id,
                bug_id=bug_id,
                ticket_id=row.id,
                transition=f"t{number}",
                target=f"ticket {number}",
                body=body,
                public=True,
                marker=f"m{number}",
                made_at=DAWN,
                made_by="Adi",
            )
        )
    db.commit()
    for external_id in ("1", "2"):
        tagging.tag(db, [found.tickets[external_id]], add=[CANARY], actor="Adi", at=LATER)
    _answered(db)
    activity.note(db, at=LATER, actor="Adi", verb="declined", detail="An ordinary reason.")
    db.commit()
    assert db.exec(select(Rating)).one().score == "bad"
    assert len(db.exec(select(DeadLetter)).all()) == 3
    db.rollback()
    return found


def _answered(db):
    """Keep an answer of the API that names the organisation, and one that does not."""
    for key, said in (
        ("about acme", f'{{"why": "{CANARY.title()} Ltd \\"waits\\""}}'),
        ("other", BYSTANDER),
    ):
        db.add(IdempotencyKey(who="program x", key=key, fingerprint="f", status=200, at=LATER,
                              media_type="application/json", body=said))  # fmt: skip
    db.commit()
