"""People connect tickets and bugs, and say how much it hurts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.actions import scores
from app.core.errors import Invalid, NotFound
from app.core.sentences import counted
from app.core.vocabulary import LinkOrigin, LinkState
from app.db.models import Bug, Link, Ticket
from app.db.queries import activity, bugs, links, tickets

MANY = 500


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
    bug = _bug(db, bug_id)
    found = _tickets(db, ticket_ids)
    kept = [_confirm(db, ticket, bug, importance, actor, at) for ticket in found]
    db.flush()
    followed = links.follow_problems(db, at=at, problems=ticket_ids)
    note: dict[str, Any] = {"verb": "linked", "bug_id": bug_id, "actor": actor, "at": at}
    _settle(db, {bug_id, *followed}, found, **note)
    return [each.id for each in kept if each.id is not None]


def suggest(
    db: Session, ticket_ids: Sequence[int], bug_id: int, *, actor: str, at: datetime
) -> list[int]:
    """Propose that tickets are about a bug, for a support lead to decide; returns the links' ids.

    What was decided already stays as it is, and nothing counts before it is confirmed.
    """
    bug = _bug(db, bug_id)
    found = _tickets(db, ticket_ids)
    made = [_known_or(db, ticket, bug, LinkState.suggested, at) for ticket in found]
    db.add_all(made)
    db.flush()
    _settle(db, {bug_id}, found, verb="suggested", bug_id=bug_id, actor=actor, at=at)
    return [each.id for each in made if each.id is not None]


def unlink(
    db: Session, ticket_ids: Sequence[int], bug_id: int, *, actor: str, at: datetime
) -> None:
    """Say that tickets are not about a bug; it is not proposed for them again."""
    _bug(db, bug_id)
    found = _tickets(db, ticket_ids)
    for ticket in found:
        known = links.link_between(db, ticket.id or 0, bug_id)
        if known is None:
            raise NotFound(f"Ticket {ticket.external_id} is not linked to bug {bug_id}.")
        known.state, known.decided_by = LinkState.rejected, actor
    db.flush()
    followed = links.follow_problems(db, at=at, problems=ticket_ids)
    note: dict[str, Any] = {"verb": "unlinked", "bug_id": bug_id, "actor": actor, "at": at}
    _settle(db, {bug_id, *followed}, found, **note)


def judge(db: Session, link_id: int, *, actor: str, at: datetime, **verdict: object) -> Link:
    """Set a link's state or importance (3 critical, 2 important, 1 nice to have)."""
    known = links.link(db, link_id)
    if known is None:
        raise NotFound(f"There is no link {link_id}.")
    if verdict.get("importance") is not None:
        known.importance = _importance(verdict["importance"])
    if verdict.get("state") is not None:
        known.state = LinkState(str(verdict["state"]))
    known.decided_by = actor
    db.flush()
    ticket = _tickets(db, [known.ticket_id])
    followed = links.follow_problems(db, at=at, problems=[known.ticket_id])
    note: dict[str, Any] = {"verb": "judged", "bug_id": known.bug_id, "actor": actor, "at": at}
    _settle(db, {known.bug_id, *followed}, ticket, **note)
    return known


def judge_tickets(
    db: Session, ticket_ids: Sequence[int], *, importance: int | None, actor: str, at: datetime
) -> None:
    """Set the importance of every confirmed link of these tickets."""
    found = _tickets(db, ticket_ids)
    touched = set()
    for known, *_ in tickets.links_of_tickets(db, ticket_ids):
        known.importance, known.decided_by = _importance(importance), actor
        touched.add(known.bug_id)
    if not touched:
        raise Invalid("None of these tickets is linked to a bug yet; link them first.")
    db.flush()
    _settle(db, touched, found, verb="judged", bug_id=min(touched), actor=actor, at=at)


def _importance(value: object) -> int:
    if value not in (1, 2, 3):
        raise Invalid("Importance is 3 (critical), 2 (important) or 1 (nice to have).")
    return int(str(value))


def _confirm(
    db: Session, ticket: Ticket, bug: Bug, importance: int | None, actor: str, at: datetime
) -> Link:
    known = _known_or(db, ticket, bug, LinkState.confirmed, at)
    known.state, known.decided_by = LinkState.confirmed, actor
    if importance is not None:
        known.importance = _importance(importance)
    db.add(known)
    return known


def _known_or(db: Session, ticket: Ticket, bug: Bug, state: LinkState, at: datetime) -> Link:
    assert ticket.id is not None
    assert bug.id is not None
    return links.link_between(db, ticket.id, bug.id) or Link(
        ticket_id=ticket.id, bug_id=bug.id, state=state, origin=LinkOrigin.manual, made_at=at
    )


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


def _bug(db: Session, bug_id: int) -> Bug:
    found = bugs.bug(db, bug_id)
    if found is None:
        raise NotFound(f"There is no bug {bug_id}.")
    return found
