"""Make links where a ticket names a bug.  Steps inside other actions: nothing commits here."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from app.core.vocabulary import EXPLICIT, LinkOrigin, LinkState
from app.db.queries import links, rankings

Names = set[tuple[str, LinkOrigin]]


def note_names(
    db: Session, found: Mapping[int, Names], *, whole: bool, at: datetime, linked: bool = True
) -> None:
    """Store what tickets name (by ticket id) and link them to the bugs that bear these names.

    `whole`: these are all fields and tags of the tickets, so what is missing was taken away.
    Not `linked`: none of the tickets has a link yet.
    """
    renamed = _forget_missing(db, found) if whole else set()
    rows = [
        {"ticket_id": ticket_id, "name": name, "origin": origin}
        for ticket_id, names in found.items()
        for name, origin in sorted(names)
    ]
    links.keep_mentions(db, rows)
    ids = [key for key, names in found.items() if names or key in renamed]
    connect(db, ticket_ids=ids, at=at, linked=linked)


def _forget_missing(db: Session, found: Mapping[int, Names]) -> set[int]:
    """Forget what fields and tags name no longer; return the tickets that lost a name."""
    stored = links.mentions_on_tickets(db, list(found))
    gone = [(t, name, origin) for t, name, origin in stored if (name, origin) not in found[t]]
    losers = {ticket_id for ticket_id, _, _ in gone}
    if gone:
        links.drop_mentions(db, gone)
        rankings.mark_stale(db, links.drop_unnamed(db, sorted(losers)))
    return losers


def connect(
    db: Session,
    *,
    ticket_ids: Sequence[int] = (),
    bug_ids: Sequence[int] = (),
    at: datetime,
    linked: bool = True,
) -> None:
    """Link tickets and bugs where a mention meets a name; explicit ones are confirmed at once."""
    best: dict[tuple[int, int], tuple[LinkState, LinkOrigin]] = {}
    for ticket, bug, origin, only in links.named_pairs(db, ticket_ids=ticket_ids, bug_ids=bug_ids):
        # A number that several bugs bear names none of them for certain.
        sure = only and origin in EXPLICIT
        state = LinkState.confirmed if sure else LinkState.suggested
        if (ticket, bug) not in best or sure:
            best[ticket, bug] = (state, origin)
    if not best:
        return
    known = links.known_links(db, {ticket for ticket, _ in best}) if linked else {}
    new = [
        links.link_row(ticket, bug, state, origin, at)
        for (ticket, bug), (state, origin) in best.items()
        if (ticket, bug) not in known
    ]
    surer = [
        (ticket, bug, origin)
        for (ticket, bug), (state, origin) in best.items()
        if state == LinkState.confirmed and known.get((ticket, bug)) == LinkState.suggested
    ]
    links.add_links(db, new)
    links.confirm_suggested(db, surer)
    rankings.mark_stale(db, {row["bug_id"] for row in new} | {bug for _, bug, _ in surer})
