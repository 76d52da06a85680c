"""What people say a fix takes."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from app.db.models import Estimate
from app.db.queries.upsert import chunks, upsert


def estimate_of(db: Session, bug_id: int) -> Estimate | None:
    """Return what people say of one bug."""
    return db.get(Estimate, bug_id)


def estimates_of(db: Session, bug_ids: Sequence[int]) -> dict[int, Estimate]:
    """Return what people say of these bugs; most have nothing said of them."""
    found: dict[int, Estimate] = {}
    for some in chunks(bug_ids):
        rows = db.exec(select(Estimate).where(col(Estimate.bug_id).in_(some)))
        found |= {each.bug_id: each for each in rows}
    return found


def keep_estimate(db: Session, row: dict[str, Any]) -> None:
    """Store what somebody says of a bug."""
    upsert(db, Estimate, [row], keys=("bug_id",))
