"""The sprint board, as people and programs see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlmodel import Session

from app.core.errors import NotFound
from app.core.filter_terms import Query
from app.core.filters import single, written_query
from app.core.tables import csv_text
from app.db.models import Sprint
from app.db.queries import activity, sprints
from app.db.queries.filtering import Order, count_lines, filtered_lines, quick_first
from app.db.queries.lines import Line
from app.views.filters import (
    PICKED,
    Asker,
    Filter,
    Less,
    conditions,
    less,
    reader,
    refuse_odd,
    shown_filter,
    understood,
)
from app.views.models import BoardRow, NoteLine, TeamChoice
from app.views.rows import board_rows, note_lines, team_choices
from app.views.saved_views import ViewLine, view_lines
from app.views.shell import SprintHead, head
from app.views.strip import Header, header


class Board(BaseModel):
    """A sprint's bugs, worst first.  `latest` is the activity id for which this is true.

    `q` is the filter in the one way to write it; `state`, `team`, `lane` what it says of these.
    """

    sprint: SprintHead
    header: Header
    rows: list[BoardRow] = Field(serialization_alias="items")
    total: int
    matching: int
    next: str | None
    q: str
    state: str
    team: str
    lane: str
    teams: list[TeamChoice]
    notes: list[NoteLine]
    latest: int


class BoardPage(Board):
    """The same for people: the filter opened, and what leaves everything out."""

    filter: Filter
    less: list[Less]
    views: list[ViewLine]


ROWS = 100
NOTES = 30
LARGEST_ID = 2**31 - 1
COLUMNS = tuple(name for name in BoardRow.model_fields if name not in ("why", "share", "version"))
"""What a sheet says of each bug."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are asked for; `after` is the cursor that the last page ended with."""

    q: str = ""
    after: str = ""
    limit: int = ROWS


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A sprint, and what of it is asked for; `latest`: the newest note before that was read."""

    latest: int
    sprint: Sprint
    query: Query
    today: datetime
    conditions: list[Any]

    @property
    def sprint_id(self) -> int:
        """The sprint's id."""
        return self.sprint.id or 0


def find_sprint(db: Session, slug: str) -> Sprint:
    """Return a sprint by its address word."""
    found = sprints.sprint_by_slug(db, slug)
    if found is None:
        raise NotFound(f"There is no sprint “{slug}”.")
    return found


def board(db: Session, slug: str, wanted: Wanted, *, who: Asker, at: datetime) -> Board:
    """Show a page of a sprint's list; a filter of which a part means nothing is refused."""
    asked = narrowed(db, slug, wanted.q, who=who, at=at)
    refuse_odd(asked.query)
    return Board(**_facts(db, asked, wanted, at))


def board_page(
    db: Session, asked: Narrowed, wanted: Wanted, *, who: Asker, at: datetime
) -> BoardPage:
    """Show a page of a sprint's list to people: what means nothing is left out, and named."""
    facts = _facts(db, asked, wanted, at)
    nothing = not facts["matching"]
    return BoardPage(
        **facts,
        filter=shown_filter(wanted.q, asked.query),
        less=less(db, asked.sprint_id, wanted.q, asked.query, asked.conditions) if nothing else [],
        views=view_lines(db, who),
    )


def narrowed(db: Session, slug: str, q: str, *, who: Asker, at: datetime) -> Narrowed:
    """Return a sprint and what a text asks of it."""
    latest = activity.latest(db)
    sprint = find_sprint(db, slug)
    query = understood(db, sprint.id or 0, q, who)
    eyes = reader(db, query, who, at)
    terms = conditions(db, sprint.id or 0, query, eyes)
    return Narrowed(latest, sprint, query, eyes.today, terms)


def _facts(db: Session, asked: Narrowed, wanted: Wanted, at: datetime) -> dict[str, Any]:
    found, matching = _found(db, asked, wanted.after, wanted.limit + 1)
    page = found[: wanted.limit]
    total = found[0].items if found else 0
    if wanted.after:
        total, matching = count_lines(db, asked.sprint_id, asked.conditions)
    elif not found:
        total, matching = count_lines(db, asked.sprint_id, ())[0], 0
    return {
        "sprint": head(asked.sprint, today=at.date()),
        "header": header(db, asked.sprint, at=at),
        "rows": board_rows(db, page, at=at),
        "total": total,
        "matching": matching,
        "next": str(page[-1].item_id) if len(found) > wanted.limit else None,
        "q": written_query(asked.query),
        **{field: single(asked.query, field) for field in PICKED},
        "teams": team_choices(db),
        "notes": note_lines(activity.recent(db, sprint_id=asked.sprint_id, limit=NOTES)),
        "latest": asked.latest,
    }


def _found(db: Session, asked: Narrowed, after: str, limit: int | None) -> tuple[list[Line], int]:
    order = Order(asked.query.sort, asked.today)
    if after and not (_is_id(after) and order.begin_behind(db, asked.sprint_id, int(after))):
        raise NotFound("This page of the list does not exist; start again from the first one.")
    return filtered_lines(
        db, asked.sprint_id, quick_first(asked.query, asked.conditions), order=order, limit=limit
    )


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and int(text[:20]) <= LARGEST_ID


def sheet(db: Session, slug: str, q: str, *, who: Asker, at: datetime) -> str:
    """Return every row that a filter means, as CSV."""
    asked = narrowed(db, slug, q, who=who, at=at)
    refuse_odd(asked.query)
    rows = board_rows(db, _found(db, asked, "", None)[0], at=at)
    return csv_text(COLUMNS, ([_cell(getattr(row, name)) for name in COLUMNS] for row in rows))


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return "; ".join(value) if isinstance(value, list) else value
