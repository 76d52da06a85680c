"""Teams take bugs, give them back, and resolve them."""

from datetime import datetime

from sqlmodel import Session

from app.actions import moves
from app.actions.moves import Act
from app.core.errors import Invalid
from app.core.vocabulary import CLAIMABLE, LEFT, RESOLVED, ItemState
from app.db.queries import activity
from app.db.queries.lines import Line, current_line

UNRESOLVED = frozenset({*CLAIMABLE, ItemState.claimed})
ENDED = frozenset({*RESOLVED, *LEFT})


def claim(db: Session, bug_id: int, *, team_id: int | None, actor: str, at: datetime) -> Line:
    """Take a bug for a team in the sprint under way; the first claim wins.

    Returns its line as it is now.  Without a team, the one the plan gave it to takes it.  A bug
    outside the sprint's scope comes in as the team's own choice.  Later claims get Conflict, which
    names who won and when.
    """
    done = moves.claim(db, bug_id, team_id, Act(actor, at))
    activity.note(db, actor=actor, at=at, **done.note)
    line = done.line or current_line(db, bug_id)
    db.commit()
    assert line is not None
    return line


def release(db: Session, bug_id: int, *, actor: str, at: datetime) -> None:
    """Give a claimed bug back, so that another team can take it."""
    said = moves.give_back(db, bug_id, Act(actor, at))
    activity.note(db, actor=actor, at=at, **said)
    db.commit()


def resolve(db: Session, bug_id: int, *, actor: str, at: datetime) -> None:
    """Say that a bug is fixed; an open one is fixed by whoever says so."""
    said = moves.move(db, bug_id, UNRESOLVED, ItemState.fixed, Act(actor, at))
    activity.note(db, actor=actor, at=at, **said)
    db.commit()


def reopen(db: Session, bug_id: int, *, actor: str, at: datetime) -> None:
    """Say that a fixed or closed bug is not fixed after all."""
    said = moves.move(db, bug_id, ENDED, ItemState.reopened, Act(actor, at))
    activity.note(db, actor=actor, at=at, **said)
    db.commit()


def decline(db: Session, bug_id: int, *, why: str, actor: str, at: datetime) -> None:
    """Take a bug out of the sprint with a reason that everybody can read."""
    if not why.strip():
        raise Invalid("Say why the bug is declined, in a few words.")
    said = moves.move(db, bug_id, UNRESOLVED, ItemState.declined, Act(actor, at))
    activity.note(db, actor=actor, at=at, **said | {"detail": why.strip()[:500]})
    db.commit()
