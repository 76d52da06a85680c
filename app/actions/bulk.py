"""One action on many bugs at once, all in one transaction.

Each bug is still one conditional UPDATE: what somebody else took first is refused by name and the
rest is done.  One transaction and not one for each: a crash leaves all of it or nothing, the answer
is true, and SQLite writes to its disk once instead of two hundred times.  Bugs are taken in the
order of their ids and the notes come last, so that two of these never wait for each other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from secrets import token_hex

from sqlmodel import Session

from app.actions import moves
from app.actions.claims import ENDED, UNRESOLVED
from app.actions.moves import Act, Note
from app.core.batches import MOST, Outcome, Refusal
from app.core.errors import AppError, Invalid
from app.core.vocabulary import ItemState
from app.db.queries import activity

Guard = Callable[[int], None]
"""Raises why somebody may not change a bug."""


class Deed(StrEnum):
    """What can be done with many bugs."""

    claim = "claim"
    release = "release"
    resolve = "resolve"
    reopen = "reopen"
    assign = "assign"


DID = {
    Deed.claim: "claimed",
    Deed.release: "given back",
    Deed.resolve: "fixed",
    Deed.reopen: "re-opened",
    Deed.assign: "given to the team",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done with which bugs, and for which team if it takes one."""

    do: Deed
    bug_ids: Sequence[int]
    team_id: int | None = None


def many(db: Session, wish: Wish, guard: Guard, *, actor: str, at: datetime) -> Outcome:
    """Do one thing with every bug that allows it; leaves one note for each."""
    ids = sorted(set(wish.bug_ids))
    if not ids or len(ids) > MOST:
        raise Invalid(f"Choose between 1 and {MOST} bugs.")
    act = Act(actor, at, token_hex(6))
    outcome, notes = Outcome(), list[Note]()
    for bug_id in ids:
        try:
            guard(bug_id)
            notes.append(_step(db, wish, bug_id, act))
        except AppError as error:
            outcome.refused.append(Refusal(bug_id, str(error)))
        else:
            outcome.done.append(bug_id)
    for said in notes:
        activity.note(db, actor=actor, at=at, **said)
    db.commit()
    return outcome


def _step(db: Session, wish: Wish, bug_id: int, act: Act) -> Note:
    match wish.do:
        case Deed.claim:
            return moves.claim(db, bug_id, wish.team_id, act).note
        case Deed.release:
            return moves.give_back(db, bug_id, act)
        case Deed.resolve:
            return moves.move(db, bug_id, UNRESOLVED, ItemState.fixed, act)
        case Deed.reopen:
            return moves.move(db, bug_id, ENDED, ItemState.reopened, act)
        case Deed.assign:
            return moves.assign(db, bug_id, wish.team_id, act)
