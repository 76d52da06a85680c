"""The sprint board, as people and programs see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlmodel import Session

from app.core.errors import Invalid, NotFound
from app.core.vocabulary import ItemState, Lane
from app.db.models import Sprint
from app.db.queries import activity, sprints
from app.db.queries.lines import Line, lines
from app.views.models import BoardRow, NoteLine, TeamChoice
from app.views.rows import board_rows, note_lines, team_choices
from app.views.shell import SprintHead, head
from app.views.strip import Header, header


class Board(BaseModel):
    """A sprint's bugs, worst first.  `latest` is the activity id for which this is true."""

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


ROWS = 100
NOTES = 30


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are asked for; `after` is the cursor that the last page ended with."""

    q: str = ""
    state: str = ""
    team: str = ""
    lane: str = ""
    after: str = ""
    limit: int = ROWS


def find_sprint(db: Session, slug: str) -> Sprint:
    """Return a sprint by its address word."""
    found = sprints.sprint_by_slug(db, slug)
    if found is None:
        raise NotFound(f"There is no sprint “{slug}”.")
    return found


def board(db: Session, slug: str, wanted: Wanted, *, at: datetime) -> Board:
    """Show a page of a sprint's ranked list, and the activity id for which it is true."""
    latest = activity.latest(db)
    sprint = find_sprint(db, slug)
    assert sprint.id is not None
    choices = team_choices(db)
    narrowed = _narrowed(wanted, {team.key: team.id for team in choices})
    place = [sprints.after_place(*_cursor(wanted.after))] if wanted.after else []
    found = lines(db, sprint.id, [*narrowed, *place], limit=wanted.limit + 1)
    page = found[: wanted.limit]
    more = len(found) > wanted.limit
    return Board(
        sprint=head(sprint, today=at.date()),
        header=header(db, sprint, at=at),
        rows=board_rows(db, page, at=at),
        total=sprints.count_board(db, sprint.id),
        matching=sprints.count_board(db, sprint.id, narrowed),
        next=_cursor_text(page[-1]) if more else None,
        q=wanted.q,
        state=wanted.state,
        team=wanted.team,
        lane=wanted.lane,
        teams=choices,
        notes=note_lines(activity.recent(db, sprint_id=sprint.id, limit=NOTES)),
        latest=latest,
    )


def conditions(db: Session, wanted: Wanted) -> list[Any]:
    """Return what is asked for as conditions on a sprint's lines."""
    return _narrowed(wanted, {team.key: team.id for team in team_choices(db)})


def _narrowed(wanted: Wanted, team_ids: dict[str, int]) -> list[Any]:
    conditions = sprints.titled(wanted.q.split()[:8])
    for column, value, known in (
        ("state", wanted.state, ItemState.__members__),
        ("lane", wanted.lane, Lane.__members__),
    ):
        if value and value not in known:
            raise Invalid(f"There is no {column} “{value}”; known: {', '.join(known)}.")
        if value:
            conditions.append(sprints.having(column, value))
    if wanted.team:
        if wanted.team not in team_ids and wanted.team != "none":
            raise NotFound(f"There is no team “{wanted.team}”.")
        conditions.append(sprints.having("team_id", team_ids.get(wanted.team)))
    return conditions


def _cursor(text: str) -> tuple[int, int]:
    rank, dash, number = text.partition("-")
    if not (dash and rank.isdecimal() and number.isdecimal() and len(text) <= 20):
        raise NotFound("This page of the list does not exist; start again from the first one.")
    return int(rank), int(number)


def _cursor_text(line: Line) -> str:
    rank = line.frozen_rank if line.frozen_rank is not None else sprints.UNRANKED
    return f"{rank}-{line.item_id}"
