"""Say what a fix takes: its size, and the disciplines it needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.core.errors import NotFound
from app.core.vocabulary import Discipline, Effort
from app.db.queries import activity, bugs, estimates


@dataclass(frozen=True, slots=True)
class Size:
    """What a fix takes; without an effort the tracker's label counts, else M."""

    effort: Effort | None
    needs: Sequence[Discipline] = ()


def estimate(db: Session, bug_id: int, said: Size, *, actor: str, at: datetime) -> None:
    """Store what a fix takes; plans that are committed keep the size they froze."""
    if bugs.bug(db, bug_id) is None:
        raise NotFound(f"There is no bug {bug_id}.")
    needs = [craft.value for craft in Discipline if craft in said.needs]
    row = {"bug_id": bug_id, "effort": said.effort, "needs": needs, "by": actor, "at": at}
    estimates.keep_estimate(db, row)
    detail = f"size {said.effort}" if said.effort else "no size of its own"
    detail += f", needs {' and '.join(needs)}" if needs else ""
    activity.note(db, at=at, actor=actor, verb="estimated", bug_id=bug_id, detail=detail)
    db.commit()
