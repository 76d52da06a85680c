"""What must happen after a copy was restored: nothing starts by itself."""

from datetime import datetime

from sqlmodel import Session

from app.db.queries import activity, sources


def pause_all(db: Session, *, actor: str, at: datetime) -> int:
    """Pause every source, so that a person decides when it is read again; returns how many.

    Nothing is sent any more either: what the copy calls unsent may have gone out since.
    """
    found = [source for source in sources.sources(db) if "~" not in source.name]
    for source in found:
        source.paused = True
        source.live = []
    detail = f"{len(found)} sources paused"
    activity.note(db, at=at, actor=actor, verb="restored", detail=detail)
    db.commit()
    return len(found)
