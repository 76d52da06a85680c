"""Find everything that is here of one person or one customer, by what a source calls them."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NoReturn

from sqlmodel import Session

from app.actions.disguise import Disguise, disguise
from app.actions.vault import Vault
from app.core.errors import Invalid, NotFound
from app.core.vocabulary import CustomerKind
from app.db.models import Customer, Source
from app.db.queries import erasing, people, tickets
from app.db.queries.erasing import Found

Kind = Literal["customer", "person"]


@dataclass(frozen=True, slots=True)
class Whom:
    """Who is meant: a customer's id or name, a person's id or address, at a source or any."""

    kind: Kind
    name: str
    source: str | None = None


@dataclass(slots=True)
class Match:
    """What is here of whoever is meant, and the pseudonyms that stand for them."""

    found: Found
    subjects: list[tuple[Kind, str]] = field(default_factory=list)
    renamed: dict[int, str] = field(default_factory=dict)


def find(db: Session, vault: Vault, whom: Whom, *, at: datetime) -> Match:
    """Find whoever is meant, or refuse with a sentence; a step, not committed."""
    name = whom.name.strip()
    if not name:
        raise Invalid(f"Say which {whom.kind} is meant.")
    sources = [s for s in erasing.ticket_sources(db) if whom.source in {None, _called(s)}]
    if not sources:
        missing = (
            f"There is no source “{whom.source}”." if whom.source else "There is no source yet."
        )
        raise NotFound(missing)
    known = {s.id or 0: disguise(db, s, vault, at=at) for s in sources}
    if whom.kind == "customer" or name.startswith("requester:"):
        return _customer(db, name, sources, known)
    return _address(db, name.lower(), known) if "@" in name else _person(db, name, sources, known)


def _called(source: Source) -> str:
    return source.name.split("~")[0]


def _customer(
    db: Session, name: str, sources: Sequence[Source], known: dict[int, Disguise]
) -> Match:
    rows = [each for each in erasing.customers_called(db, [name]) if each.source_id in known]
    if len(rows) > 1:
        rows = [each for each in rows if each.external_id == name] or rows
    if not rows:
        raise NotFound(f"There is no customer “{name}” here; nothing was changed.")
    if len(rows) > 1:
        raise Invalid(
            f"“{name}” names {len(rows)} customers ({_places(sources, rows)}); "
            "write the id that its source gives it, and name the source."
        )
    one = rows[0]
    subject = known[one.source_id].customer(one.external_id)
    words = erasing.names_of(db, [one.id or 0])
    letters = [*words, one.external_id] if one.kind == CustomerKind.organization else words
    mine = erasing.tickets_of(db, (), [one.id or 0])
    match = _gather(db, [one.source_id], mine, [one], words, letters)
    match.subjects, match.renamed = [("customer", subject)], {one.id or 0: subject}
    return match


def _places(sources: Sequence[Source], rows: Sequence[Customer]) -> str:
    names = {source.id: _called(source) for source in sources}
    return ", ".join(f"{row.external_id} of {names[row.source_id]}" for row in rows)


def _person(db: Session, name: str, sources: Sequence[Source], known: dict[int, Disguise]) -> Match:
    all_matches = {s.name: _person_of(db, name, s.id or 0, known[s.id or 0]) for s in sources}
    found = {place: match for place, match in all_matches.items() if match.found}
    if len(found) > 1:
        raise Invalid(f"Several sources know a “{name}” ({', '.join(found)}); name the source.")
    if not found:
        _nobody(db, name)
    return next(iter(found.values()))


def _person_of(db: Session, name: str, source_id: int, hidden: Disguise) -> Match:
    alone = f"requester:{hidden.vault.pseudonym(name)}"
    known = [c for c in erasing.customers_called(db, [alone]) if c.source_id == source_id]
    ids = [c.id or 0 for c in known]
    mine = erasing.tickets_of(db, [hidden.person(name)], ids)
    match = _gather(db, [source_id], mine, known, [], [name])
    # Whoever has no organisation is a customer as well, so both have to be remembered.
    subject = hidden.customer(alone)
    match.subjects = [("person", hidden.person(name)), ("customer", subject)]
    match.renamed = dict.fromkeys(ids, subject)
    return match


def _address(db: Session, address: str, known: dict[int, Disguise]) -> Match:
    mine = erasing.tickets_with(db, [address])
    match = _gather(db, known, mine, [], [address], [address])
    match.found.failures = erasing.failures_of(db, [f"account:{address}"])
    user = people.user_by_email(db, address)
    asked_by = [f"person {user.id}"] if user else []
    match.found.answers = erasing.answers_with(db, [address], asked_by)
    if not match.found:
        _nobody(db, address)
    match.subjects = [("person", hidden.person(address)) for hidden in known.values()]
    return match


def _nobody(db: Session, name: str) -> NoReturn:
    unasked = erasing.count_unasked(db)
    more = (
        f" {unasked} tickets do not say who asked: `bugsprint sync --full` reads that."
        if unasked
        else ""
    )
    hint = " A source names people by number; addresses are not kept." if "@" in name else ""
    raise NotFound(f"Nothing is here of the person “{name}”; nothing was changed.{hint}{more}")


def _gather(
    db: Session,
    sources: Collection[int],
    ticket_ids: list[int],
    customers: Sequence[Customer],
    words: list[str],
    letters: list[str],
) -> Match:
    """Collect what hangs on these tickets and customers, what has these words or letters' words."""
    ids = [c.id or 0 for c in customers]
    numbers = {t.external_id for t in tickets.tickets_by_id(db, ticket_ids)}
    whole = [re.compile(rf"(?<![\w.-]){re.escape(w)}(?![\w-])", re.IGNORECASE) for w in letters]
    said = [
        letter.id or 0
        for letter in erasing.dead_letters_with(db, sources, letters)
        if any(each.search(letter.payload) for each in whole)
    ]
    dead = {*said, *erasing.dead_letters_about(db, sources, numbers)}
    return Match(
        Found(
            tickets=ticket_ids,
            customers=ids,
            dead_letters=sorted(dead),
            outgoing=erasing.messages_of(db, ticket_ids, ids, words),
            notes=erasing.notes_of(db, ticket_ids, words),
            answers=erasing.answers_with(db, words),
            views=erasing.views_with(db, words),
        )
    )
