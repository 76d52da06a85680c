"""People decide what goes out: approve, take back, cancel, tell another way; and switch sending."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.actions import loop
from app.core.errors import Conflict, Invalid, NotFound
from app.core.outgoing import UNDO, check_words
from app.core.vocabulary import OutgoingKind, OutgoingState
from app.db.models import Outgoing
from app.db.queries import activity, outbox, sources
from integrations import MESSENGERS

MANY = 500
S = OutgoingState
WORDS = {
    S.draft: "still a draft",
    S.approved: "approved",
    S.sending: "being sent",
    S.sent: "sent",
    S.failed: "failed",
    S.cancelled: "cancelled",
    S.uncertain: "perhaps sent; its answer was lost",
    S.elsewhere: "told another way",
}


def approve(db: Session, ids: Sequence[int], *, actor: str, at: datetime) -> int:
    """Approve drafts, or approve again what another person approved; all of them or none.

    Sending begins when the time to undo is over.
    """
    found = _letters(db, ids)
    for each in found:
        _check_approvable(each, actor)
    fresh = [each.id or 0 for each in found if each.state is not S.approved]
    again = [each.id or 0 for each in found if each.state is S.approved]
    given = {"approved_by": actor, "approved_at": at, "not_before": at + UNDO, "result": ""}
    changed = outbox.change(
        db, fresh, (S.draft, S.failed), state=S.approved, second_approval_by=None, **given
    )
    changed += outbox.change(db, again, (S.approved,), second_approval_by=actor)
    return _done(db, found, changed, "outbox_approved", actor=actor, at=at)


def recall(db: Session, ids: Sequence[int], *, actor: str, at: datetime) -> int:
    """Make approved or cancelled messages drafts again, as long as they were not sent."""
    found = _letters(db, ids)
    _check(found, {S.approved, S.cancelled}, "can be taken back")
    nobody = dict.fromkeys(("approved_by", "approved_at", "second_approval_by", "not_before"))
    changed = outbox.change(
        db, ids, (S.approved, S.cancelled), state=S.draft, result="", locked_until=None, **nobody
    )
    return _done(db, found, changed, "outbox_recalled", actor=actor, at=at)


def cancel(db: Session, ids: Sequence[int], *, actor: str, at: datetime) -> int:
    """Decide that messages are not sent."""
    found = _letters(db, ids)
    states = {S.draft, S.approved, S.failed, S.uncertain}
    _check(found, states, "can be cancelled")
    why = f"Cancelled by {actor}."
    changed = outbox.change(db, ids, states, state=S.cancelled, result=why, locked_until=None)
    return _done(db, found, changed, "outbox_cancelled", actor=actor, at=at)


def elsewhere(db: Session, ids: Sequence[int], *, actor: str, at: datetime) -> int:
    """Note that customers were told another way, so that nothing is sent to them."""
    found = _letters(db, ids)
    states = {S.draft, S.approved, S.failed, S.cancelled, S.uncertain}
    _check(found, states, "can be told another way")
    given = {"result": f"Told another way, says {actor}.", "approved_by": actor, "sent_at": at}
    changed = outbox.change(db, ids, states, state=S.elsewhere, locked_until=None, **given)
    for bug_id in sorted({each.bug_id for each in found}):
        loop.settle(db, bug_id, actor=actor, at=at)
    return _done(db, found, changed, "outbox_elsewhere", actor=actor, at=at)


def set_live(
    db: Session, name: str, kind: OutgoingKind, *, live: bool, actor: str, at: datetime
) -> None:
    """Let messages of a kind really go out to a source, or only be drafted (shadow mode)."""
    source = sources.source_by_name(db, name)
    if source is None or "~" in name:
        raise NotFound(f"There is no source “{name}”.")
    if live and source.kind not in MESSENGERS:
        raise Invalid(f"Nothing can be sent to “{name}”: a {source.kind} is only read.")
    rest = [each for each in source.live if each != kind.value]
    source.live = sorted([*rest, kind.value]) if live else rest
    detail = f"{name}: {kind.value} {'is sent' if live else 'is only drafted'}"
    activity.note(db, at=at, actor=actor, verb="outbox_live", source_id=source.id, detail=detail)
    db.commit()


def set_words(db: Session, words: str, *, actor: str, at: datetime) -> None:
    """Change the words of messages that are drafted from now on."""
    outbox.keep_words(db, check_words(words), by=actor, at=at)
    activity.note(db, at=at, actor=actor, verb="outbox_words")
    db.commit()


def _letters(db: Session, ids: Sequence[int]) -> Sequence[Outgoing]:
    if not ids or len(ids) > MANY:
        raise Invalid(f"Choose between 1 and {MANY} messages.")
    found = outbox.messages(db, ids)
    missing = set(ids) - {each.id for each in found}
    if missing:
        raise NotFound(f"There is no message {min(missing)}.")
    return found


def _check(found: Sequence[Outgoing], states: Collection[OutgoingState], verb: str) -> None:
    for each in found:
        if each.state not in states:
            raise Conflict(
                f"Message {each.id} is {WORDS[each.state]}, and only others {verb}; "
                "nothing was changed."
            )


def _check_approvable(letter: Outgoing, actor: str) -> None:
    if letter.ticket_id is None:
        raise Conflict(
            f"Message {letter.id} has no ticket that can be answered: tell the customer another "
            "way, and say so here."
        )
    if letter.state in {S.draft, S.failed}:
        return
    if letter.state is not S.approved:
        raise Conflict(f"Message {letter.id} is {WORDS[letter.state]}; it cannot be approved.")
    if letter.second_approval_by:
        raise Conflict(f"Message {letter.id} has both approvals already.")
    if letter.approved_by == actor:
        raise Conflict(f"You approved message {letter.id} yourself; a second person has to.")


def _done(db: Session, found: Sequence[Outgoing], changed: int, verb: str, **who: Any) -> int:
    if changed != len(found):
        db.rollback()
        raise Conflict("A message was changed meanwhile, so nothing was done; look again.")
    about = {each.bug_id for each in found}
    bug_id = about.pop() if len(about) == 1 else None
    detail = f"{len(found)} {'message' if len(found) == 1 else 'messages'}"
    activity.note(db, verb=verb, bug_id=bug_id, detail=detail, **who)
    db.commit()
    return changed
