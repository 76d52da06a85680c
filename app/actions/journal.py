"""The journal of erasures: what a restored copy needs to forget whom it still knows."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from app.db import journal_file
from app.db.queries import erasing, settings

PSEUDONYMS = "pseudonym_key"


def lines(db: Session) -> Sequence[str]:
    """Return the journal's lines, to be kept apart from the database."""
    return list(journal_file.lines(*_written(db)))


def keep_beside(db: Session) -> None:
    """Write the journal beside a SQLite file; elsewhere it is kept by whoever asks for it."""
    file = journal_file.beside(db.get_bind().engine)
    if file and (file.exists() or erasing.journal(db)):
        journal_file.write(file, *_written(db))


def _written(db: Session) -> tuple[str, list[dict[str, Any]]]:
    rows = erasing.journal(db)
    entries = [
        {"kind": row.kind, "subject": row.subject, "by": row.by, "at": row.at.isoformat()}
        for row in rows
    ]
    return settings.value(db, PSEUDONYMS) or "", entries
