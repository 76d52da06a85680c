"""Forget one person or customer: rows first, then bytes, and what a copy would bring back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from app.actions import finding, journal, keys, rankings
from app.actions.disguise import disguise, erased_id
from app.actions.finding import Whom
from app.actions.vault import Vault
from app.core.errors import Conflict
from app.core.sentences import counted
from app.db.queries import activity, customers, erasing, settings, tickets
from app.db.queries import rankings as stale
from app.db.queries.erasing import Found
from app.db.scrubbing import scrub

SCRUB_DUE = "scrub_due"


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was erased."""

    tickets: int
    customers: int
    dead_letters: int
    messages: int
    notes: int


def erase(db: Session, vault: Vault, whom: Whom, *, actor: str, at: datetime) -> Erased:
    """Forget whoever is meant, here and in the journal; the bytes follow with `scrub_now`."""
    erasing.alone(db)
    match = finding.find(db, vault, whom, at=at)
    for kind, subject in match.subjects:
        erasing.write_down(db, kind, subject, by=actor, at=at)
    touched = _blank(db, match.found, match.renamed)
    done = _counted(match.found)
    tickets_said = counted(done.tickets, "ticket")
    detail = f"a {whom.kind}, {tickets_said} ({match.subjects[0][1]})"
    settings.keep(db, SCRUB_DUE, at.isoformat(), by=actor, at=at)
    activity.note(db, at=at, actor=actor, verb="erased", detail=detail)
    # Before the commit: whoever counts as erased stands in the journal in any case.
    journal.keep_beside(db)
    db.commit()
    if touched:
        rankings.rescore_stale(db, at=at)
    return done


def _blank(db: Session, found: Found, renamed: dict[int, str]) -> bool:
    linked = tickets.bugs_of_tickets(db, found.tickets)
    weighed = customers.bugs_of_customers(db, found.customers)
    erasing.blank(db, found)
    for customer_id, subject in renamed.items():
        erasing.blank_customer(db, customer_id, erased_id(subject))
    stale.mark_stale(db, {*linked, *weighed})
    return bool(linked or weighed)


def _counted(found: Found) -> Erased:
    rows = (found.tickets, found.customers, found.dead_letters, found.outgoing, found.notes)
    return Erased(*map(len, rows))


def scrub_now(engine: Engine) -> str | None:
    """Make the files forget as well, if they have to; returns what is still to be done."""
    with Session(engine) as db:
        due = settings.value(db, SCRUB_DUE)
    if due is None:
        return None
    left = scrub(engine)
    if left is None:
        with Session(engine) as db:
            # Who was erased meanwhile needs another turn.
            if settings.value(db, SCRUB_DUE) == due:
                settings.drop(db, SCRUB_DUE)
            db.commit()
    return left


def replay(
    db: Session, vault: Vault, sealed_key: str, entries: Sequence[Any], *, at: datetime
) -> int:
    """Forget in a restored copy whoever was erased since; a step, not committed.

    Returns how many tickets that took.
    """
    _same_key(db, vault, sealed_key, at=at)
    for entry in entries:
        when = datetime.fromisoformat(entry["at"])
        erasing.write_down(db, entry["kind"], entry["subject"], by=entry["by"], at=when)
    forgotten = erasing.subjects(db)
    if not forgotten:
        return 0
    renamed: dict[int, str] = {}
    known = {s.id or 0: disguise(db, s, vault, at=at) for s in erasing.ticket_sources(db)}
    for customer_id, source_id, external_id in erasing.every_customer(db):
        subject = known[source_id].customer(external_id)
        if subject in forgotten:
            renamed[customer_id] = subject
    mine = erasing.tickets_of(db, forgotten, list(renamed))
    letters = [
        letter.id or 0
        for letter in erasing.every_dead_letter(db)
        if known[letter.source_id].speaks_of_forgotten(letter.payload)
    ]
    names = erasing.names_of(db, list(renamed))
    found = Found(
        tickets=mine,
        customers=list(renamed),
        dead_letters=letters,
        outgoing=erasing.messages_of(db, mine, list(renamed), []),
        notes=erasing.notes_of(db, mine, names),
        answers=erasing.answers_with(db, names),
        views=erasing.views_with(db, names),
    )
    _blank(db, found, renamed)
    settings.keep(db, SCRUB_DUE, at.isoformat(), by="Bugsprint", at=at)
    return len(mine)


def _same_key(db: Session, vault: Vault, sealed_key: str, *, at: datetime) -> None:
    """Take over the key of the journal's pseudonyms, or see that it is ours already."""
    own = settings.value(db, journal.PSEUDONYMS)
    if not sealed_key:
        return
    key = vault.open(sealed_key)
    if own is None:
        keys.adopt(db, vault, bytes.fromhex(key["key"]), at=at)
    elif vault.open(own) != key:
        raise Conflict("The journal of erasures belongs to another database than this copy.")
