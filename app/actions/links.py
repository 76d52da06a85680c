"""People connect tickets and bugs, and say how much it hurts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.actions import scores
from app.core.errors import Conflict, Invalid, NotFound
from app.core.sentences import counted
from app.core.vocabulary import LinkOrigin, LinkState
from app.db.models import Link, Ticket
from app.db.queries import activity, bugs, links, tickets

MANY = 500
Note = dict[str, Any]
Stand = dict[str, Any]
"""A link's id with what of it was, and is now: state, importance, who decided."""


def link(
    db: Session,
    ticket_ids: Sequence[int],
    bug_id: int,
    *,
    importance: int | None = None,
    actor: str,
    at: datetime,
) -> list[int]:
    """Say that tickets are about a bug; returns the ids of the links.

    A suggested or rejected link becomes confirmed.  Incidents of a linked problem follow.
    """
    _require_bug(db, bug_id)
    found = _tickets(db, ticket_ids)
    known = _known_or_new(db, found, bug_id, LinkState.confirmed, at)
    before = [_stands(each) for each in known]
    kept = [_confirm(db, each, importance, actor) for each in known]
    db.flush()
    ids = _ids(kept)
    followed = links.follow_problems(db, at=at, problems=ticket_ids)
    note: dict[str, Any] = {"verb": "linked", "bug_id": bug_id, "actor": actor, "at": at}
    note["undo"] = _facts(kept, before)
    _settle(db, {bug_id, *followed}, found, **note)
    return ids


def suggest(
    db: Session, ticket_ids: Sequence[int], bug_id: int, *, actor: str, at: datetime
) -> list[int]:
    """Propose that tickets are about a bug, for a support lead to decide; returns the links' ids.

    What was decided already stays as it is, and nothing counts before it is confirmed.
    """
    _require_bug(db, bug_id)
    found = _tickets(db, ticket_ids)
    made = _known_or_new(db, found, bug_id, LinkState.suggested, at)
    before = [_stands(each) for each in made]
    db.add_all(made)
    db.flush()
    ids = _ids(made)
    note: dict[str, Any] = {"verb": "suggested", "bug_id": bug_id, "actor": actor, "at": at}
    _settle(db, {bug_id}, found, undo=_facts(made, before), **note)
    return ids


def unlink(
    db: Session, ticket_ids: Sequence[int], bug_id: int, *, actor: str, at: datetime
) -> None:
    """Say that tickets are not about a bug; it is not proposed for them again."""
    _require_bug(db, bug_id)
    found = _tickets(db, ticket_ids)
    known = _known(db, found, bug_id)
    before = [_stands(each) for each in known]
    for each in known:
        each.state, each.decided_by = LinkState.rejected, actor
    db.flush()
    followed = links.follow_problems(db, at=at, problems=ticket_ids)
    note: dict[str, Any] = {"verb": "unlinked", "bug_id": bug_id, "actor": actor, "at": at}
    note["undo"] = _facts(known, before)
    _settle(db, {bug_id, *followed}, found, **note)


def judge(db: Session, link_id: int, *, actor: str, at: datetime, **verdict: object) -> Link:
    """Set a link's state or importance (3 critical, 2 important, 1 nice to have)."""
    known = links.link(db, link_id)
    if known is None:
        raise NotFound(f"There is no link {link_id}.")
    before = _stands(known)
    if verdict.get("importance") is not None:
        known.importance = _importance(verdict["importance"])
    if verdict.get("state") is not None:
        known.state = LinkState(str(verdict["state"]))
    known.decided_by = actor
    db.flush()
    ticket = _tickets(db, [known.ticket_id])
    followed = links.follow_problems(db, at=at, problems=[known.ticket_id])
    note: dict[str, Any] = {"verb": "judged", "bug_id": known.bug_id, "actor": actor, "at": at}
    note["undo"] = _facts([known], [before])
    _settle(db, {known.bug_id, *followed}, ticket, **note)
    return known


def judge_tickets(
    db: Session, ticket_ids: Sequence[int], *, importance: int | None, actor: str, at: datetime
) -> None:
    """Set the importance of every confirmed link of these tickets."""
    found = _tickets(db, ticket_ids)
    known = [link for link, *_ in tickets.links_of_tickets(db, ticket_ids)]
    if not known:
        raise Invalid("None of these tickets is linked to a bug yet; link them first.")
    before = [_stands(each) for each in known]
    for each in known:
        each.importance, each.decided_by = _importance(importance), actor
    db.flush()
    touched = {each.bug_id for each in known}
    note: dict[str, Any] = {"verb": "judged", "bug_id": min(touched), "actor": actor, "at": at}
    _settle(db, touched, found, undo=_facts(known, before), **note)


def put_back(db: Session, facts: Sequence[Stand], *, actor: str, at: datetime) -> Note:
    """Set links to what they were before an action, all or none; a step of taking it back.

    Returns what the note of it says.
    """
    found = links.held(db, [each["id"] for each in facts])
    for each in facts:
        known = found.get(each["id"])
        if known is None or _stands(known) != each["now"]:
            raise Conflict("A link was changed since, so it stays as it is.")
        if each["was"] is None:
            db.delete(known)
        else:
            state, known.importance, known.decided_by = each["was"]
            known.state = LinkState(state)
    db.flush()
    ticket_ids = [link.ticket_id for link in found.values()]
    followed = links.follow_problems(db, at=at, problems=ticket_ids)
    touched = {link.bug_id for link in found.values()}
    standing = scores.rescore(db, sorted({*touched, *followed}), at=at)
    about = {"bug_id": min(touched), "ticket_id": min(ticket_ids), "bugs": standing[:MANY]}
    return about | {"actor": actor, "at": at}


def _stands(link: Link) -> list[Any] | None:
    """Return what of a link an action may change; None while it is not stored yet."""
    if link.id is None:
        return None
    return [link.state.value, link.importance, link.decided_by]


def _facts(changed: Sequence[Link], before: Sequence[list[Any] | None]) -> Note | None:
    pairs = [(link, was) for link, was in zip(changed, before, strict=True) if was != _stands(link)]
    if not pairs:
        return None
    return {"links": [{"id": link.id, "was": was, "now": _stands(link)} for link, was in pairs]}


def _importance(value: object) -> int:
    if value not in (1, 2, 3):
        raise Invalid("Importance is 3 (critical), 2 (important) or 1 (nice to have).")
    return int(str(value))


def _confirm(db: Session, known: Link, importance: int | None, actor: str) -> Link:
    known.state, known.decided_by = LinkState.confirmed, actor
    if importance is not None:
        known.importance = _importance(importance)
    db.add(known)
    return known


def _ids(kept: Sequence[Link]) -> list[int]:
    """Read their ids while they are at hand: after the commit each would be a query."""
    return [each.id for each in kept if each.id is not None]


def _known(db: Session, found: Sequence[Ticket], bug_id: int) -> list[Link]:
    known = links.links_between(db, [ticket.id or 0 for ticket in found], bug_id)
    for ticket in found:
        if ticket.id not in known:
            raise NotFound(f"Ticket {ticket.external_id} is not linked to bug {bug_id}.")
    return [known[ticket.id or 0] for ticket in found]


def _known_or_new(
    db: Session, found: Sequence[Ticket], bug_id: int, state: LinkState, at: datetime
) -> list[Link]:
    ids = [ticket.id or 0 for ticket in found]
    known = links.links_between(db, ids, bug_id)
    return [
        known.get(ticket_id)
        or Link(
            ticket_id=ticket_id, bug_id=bug_id, state=state, origin=LinkOrigin.manual, made_at=at
        )
        for ticket_id in ids
    ]


def _settle(db: Session, touched: set[int], found: Sequence[Ticket], **about: Any) -> None:
    """Rescore, leave the note and commit."""
    standing = scores.rescore(db, sorted(touched), at=about["at"])
    one = found[0]
    detail = f"ticket {one.external_id}" if len(found) == 1 else counted(len(found), "ticket")
    activity.note(db, ticket_id=one.id, detail=detail, bugs=standing[:MANY], **about)
    db.commit()


def _tickets(db: Session, ids: Sequence[int]) -> Sequence[Ticket]:
    if not ids or len(ids) > MANY:
        raise Invalid(f"Choose between 1 and {MANY} tickets.")
    found = tickets.tickets_by_id(db, ids)
    missing = set(ids) - {ticket.id for ticket in found}
    if missing:
        raise NotFound(f"There is no ticket {min(missing)}.")
    return found


def _require_bug(db: Session, bug_id: int) -> None:
    if bugs.bug(db, bug_id) is None:
        raise NotFound(f"There is no bug {bug_id}.")
