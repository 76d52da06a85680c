"""What must happen after a copy was restored: nothing starts by itself, and nothing is sent."""

from datetime import datetime

from sqlmodel import Session

from app.db.queries import activity, sources


def settle(db: Session, *, actor: str, at: datetime) -> int:
    """Make a restored database harmless, in one transaction; returns how many sources are paused.

    Every source is paused and sends nothing, so that a person decides, and nobody is told twice.
    """
    found = [source for source in sources.sources(db) if "~" not in source.name]
    for source in found:
        source.paused, source.live = True, []
    detail = f"{len(found)} sources paused"
    activity.note(db, at=at, actor=actor, verb="restored", detail=detail)
    db.commit()
    return len(found)
