"""What happened, newest first: a page of it, or all of it as a file."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

import msgspec
from pydantic import BaseModel
from sqlmodel import Session

from app.core.tables import csv_text
from app.db.models import Activity
from app.db.queries import auditing
from app.db.queries.auditing import Wanted
from app.views.models import NoteLine
from app.views.rows import note_lines

AT_ONCE = 500
COLUMNS = ("id", "at", "actor", "verb", "text", "bug_id", "ticket_id", "detail", "erased", "seal")


class AuditQuery(BaseModel):
    """Which notes are asked for, as in the page's form; the days count in UTC, both included."""

    actor: str = ""
    verb: str = ""
    q: str = ""
    since: date | None = None
    until: date | None = None

    def wanted(self) -> Wanted:
        """Return what the database is asked for."""
        return Wanted(
            actor=self.actor.strip(),
            verb=self.verb,
            words=tuple(self.q.split()[:8]),
            since=_midnight(self.since) if self.since else None,
            until=_midnight(self.until) + timedelta(days=1) if self.until else None,
        )

    def as_query(self) -> str:
        """Return the same question as part of an address."""
        return urlencode({k: v for k, v in self.model_dump(mode="json").items() if v})


class Audit(BaseModel):
    """A page of the activity log; `chain` says whether it is what was written."""

    items: list[NoteLine]
    next: str | None
    chain: str = ""
    whole: bool = True
    asked: AuditQuery = AuditQuery()
    verbs: list[str] = []

    @property
    def query(self) -> str:
        """The question, for the links that go on from here."""
        return self.asked.as_query()


def audit(db: Session, asked: AuditQuery, *, before: int | None, limit: int = 100) -> Audit:
    """Show what happened before a note, newest first."""
    rows = auditing.matching(db, asked.wanted(), before=before, limit=limit + 1)
    more = str(rows[limit - 1][0].id) if len(rows) > limit else None
    return Audit(
        items=note_lines(rows[:limit]), next=more, asked=asked, verbs=list(auditing.verbs(db))
    )


def as_csv(db: Session, asked: AuditQuery) -> Iterator[str]:
    """Give the notes that are asked for as CSV that no spreadsheet takes for formulas."""
    yield csv_text(COLUMNS, ())
    for rows in _pages(db, asked):
        lines = [[_plain(line[name]) for name in COLUMNS] for line in map(_line, rows)]
        yield csv_text(COLUMNS, lines).partition("\r\n")[2]


def as_lines(db: Session, asked: AuditQuery) -> Iterator[str]:
    """Give the notes that are asked for as JSON Lines."""
    for rows in _pages(db, asked):
        for line in map(_line, rows):
            yield msgspec.json.encode(line).decode() + "\n"


def _pages(db: Session, asked: AuditQuery) -> Iterator[list[tuple[Activity, str | None]]]:
    before = None
    while rows := list(auditing.matching(db, asked.wanted(), before=before, limit=AT_ONCE)):
        yield rows
        before = rows[-1][0].id
        db.expunge_all()


def _line(row: tuple[Activity, str | None]) -> dict[str, object]:
    note = row[0]
    line: dict[str, object] = {name: getattr(note, name, None) for name in COLUMNS}
    return line | {"text": note_lines([row])[0].text}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
