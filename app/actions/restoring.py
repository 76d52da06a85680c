"""What must happen after a copy was restored: nothing starts by itself, and nothing is sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.actions import erasing, journal, rankings
from app.actions.vault import Vault
from app.core.sentences import counted
from app.db.queries import activity, sources

Journal = tuple[str, Sequence[Mapping[str, Any]]]
"""The sealed key of its pseudonyms, and its entries."""


def forget_again(db: Session, vault: Vault, written: Journal, *, actor: str, at: datetime) -> int:
    """Erase from a restored copy whoever was erased since; returns how many tickets that took.

    The copy's own journal is replayed as well: what it says was done before it was taken.
    """
    count = erasing.replay(db, vault, *written, at=at)
    if count:
        activity.note(
            db, at=at, actor=actor, verb="erased", detail=f"{counted(count, 'ticket')} once more"
        )
    journal.keep_beside(db)
    db.commit()
    rankings.rescore_stale(db, at=at)
    return count


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
