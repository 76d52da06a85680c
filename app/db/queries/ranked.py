"""What a printed ranked list says of each open bug."""

from typing import Any

from sqlalchemy import select as rows_of
from sqlmodel import Session, col

from app.db.models import Bug, Source
from app.db.queries.rankings import is_open


def open_bugs(db: Session) -> dict[int, tuple[Any, ...]]:
    """Return open bugs that stand for themselves.

    Values: source, external id, key, url, title, severity.
    """
    found = (
        rows_of(
            col(Bug.id),
            col(Source.name),
            col(Bug.external_id),
            col(Bug.key),
            col(Bug.url),
            col(Bug.title),
            col(Bug.severity),
        )
        .join(Source, col(Source.id) == col(Bug.source_id))
        .where(*is_open())
    )
    rows: list[tuple[Any, ...]] = [tuple(row) for row in db.connection().execute(found)]
    return {row[0]: row[1:] for row in rows}
