"""Close the loop: a fix is released, its customers are to be told, and at last all are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.core.errors import Conflict, NotFound
from app.core.ledger import Standing, all_told
from app.core.outgoing import WORDS, letter, mark
from app.core.vocabulary import ItemState, OutgoingKind, TicketStatus
from app.db.models import Bug, SprintItem
from app.db.queries import activity, bugs, customers, outbox, sources, sprints, telling
from app.db.queries.telling import Touched
from integrations import MESSENGERS

STATE_WORDS = {
    ItemState.released: "released already",
    ItemState.told: "released already, and its customers are told",
    ItemState.confirmed: "released already, and its customers confirmed it",
    ItemState.duplicate: "merged into another bug; release that one",
}
NO_TICKET = "No ticket of this customer can be answered any more: tell them another way."
GONE = "This customer was deleted at its source: nobody may be left to tell."


def ship(db: Session, bug_id: int, *, actor: str, at: datetime) -> int:
    """Say that the fix of a bug is released; drafts a message for each customer it hurt.

    Returns how many.  Fixed and release are two things: only what is released is told.
    """
    bug, item = _fixed_item(db, bug_id)
    assert item.id is not None
    if not sprints.advance(db, item.id, {ItemState.fixed}, ItemState.released):
        raise _why_not(db, bug, item)
    found = telling.touched(db, bug_id)
    count = len({each.customer_id for each in found})
    activity.note(
        db,
        at=at,
        actor=actor,
        verb=ItemState.released.value,
        sprint_id=item.sprint_id,
        bug_id=bug_id,
        team_id=item.team_id,
        detail=f"{count} {'customer' if count == 1 else 'customers'} to be told",
        undo={"no": "messages to its customers were drafted; re-open it to withdraw them"},
    )
    outbox.keep_drafts(db, _drafts(db, bug, found, by=actor, at=at))
    db.commit()
    return count


def write_missing(db: Session, bug_id: int, *, at: datetime) -> int:
    """Draft messages for customers of a released bug who came to it since; returns how many."""
    late = _unwritten(db, bug_id)
    bug = bugs.bug(db, bug_id)
    found = [each for each in telling.touched(db, bug_id) if each.customer_id in late]
    if bug is None or not found:
        db.rollback()
        return 0
    outbox.keep_drafts(db, _drafts(db, bug, found, by="Bugsprint", at=at))
    written = len(late - _unwritten(db, bug_id))
    if not written:  # who was erased from a message keeps it, and gets no other
        db.rollback()
        return 0
    detail = f"{written} more"
    activity.note(db, at=at, actor="Bugsprint", verb="outbox_drafted", bug_id=bug_id, detail=detail)
    db.commit()
    return written


def _unwritten(db: Session, bug_id: int) -> set[int]:
    entries = telling.entries(db, bug_id)
    return {who for who, standing in entries.items() if standing is Standing.unwritten}


def settle(db: Session, bug_id: int, *, actor: str, at: datetime) -> None:
    """Note that all customers of a bug are told, once they are; a step of the caller's action."""
    if not all_told(telling.entries(db, bug_id)):
        return
    for item in sprints.live_items(db, [bug_id]):
        told = sprints.advance(db, item.id or 0, {ItemState.released}, ItemState.told)
        if told:
            activity.note(
                db,
                at=at,
                actor=actor,
                verb=ItemState.told.value,
                sprint_id=item.sprint_id,
                bug_id=bug_id,
                team_id=item.team_id,
            )


def _drafts(
    db: Session, bug: Bug, found: Sequence[Touched], *, by: str, at: datetime
) -> list[dict[str, Any]]:
    release = telling.release_of(db, bug.id or 0)
    known = customers.named(db, sorted({each.customer_id for each in found}))
    kinds = {source.id: source.kind for source in sources.sources(db)}
    words = outbox.words(db) or WORDS
    rows = []
    for number, who in sorted(known.items()):
        own = [each for each in found if each.customer_id == number]
        to = None if who.deleted else _answerable(own, kinds)
        # By names that outlast a copy that is restored: the same message has the same mark.
        marker = mark("told", bug.source_id, bug.external_id, who.external_id, number, release)
        rows.append(
            outbox.draft_row(
                kind=OutgoingKind.told,
                source_id=to.source_id if to else own[0].source_id,
                bug_id=bug.id,
                customer_id=number,
                ticket_id=to.ticket_id if to else None,
                transition=release,
                target=to.external_id if to else "",
                body=letter(words, number=(to or own[0]).external_id, marker=marker),
                public=to is not None,
                marker=marker,
                made_at=at,
                made_by=by,
                result="" if to else GONE if who.deleted else NO_TICKET,
            )
        )
    return rows


def _answerable(own: Sequence[Touched], kinds: dict[int | None, str]) -> Touched | None:
    """Return the newest ticket of a customer that still takes an answer."""
    fit = (
        each
        for each in own
        if each.status not in {TicketStatus.closed, TicketStatus.deleted}
        and kinds.get(each.source_id) in MESSENGERS
    )
    return next(fit, None)


def _fixed_item(db: Session, bug_id: int) -> tuple[Bug, SprintItem]:
    bug = bugs.bug(db, bug_id)
    if bug is None:
        raise NotFound(f"There is no bug {bug_id}.")
    if bug.duplicate_of_id is not None:
        raise Conflict(f"“{bug.title}” is {STATE_WORDS[ItemState.duplicate]}.")
    found = sprints.live_items(db, [bug_id])
    if not found:
        raise Conflict(f"“{bug.title}” is in no sprint under way, so it cannot be released here.")
    return bug, found[-1]


def _why_not(db: Session, bug: Bug, item: SprintItem) -> Conflict:
    db.refresh(item)
    said = STATE_WORDS.get(item.state, "not fixed yet; only a fixed bug can be released")
    return Conflict(f"“{bug.title}” is {said}.")
