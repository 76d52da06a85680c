"""The board in other shapes: columns by state, and a map of areas."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlmodel import Session

from app.core.ranking import waiting_days
from app.core.vocabulary import CLAIMABLE, LEFT, ItemState
from app.db.queries import shapes
from app.db.queries.filtering import Order, filtered_lines
from app.db.queries.shapes import AreaCount
from app.views.boards import BoardPage, Narrowed, Wanted, board_page, narrowed
from app.views.filters import Asker
from app.views.models import BoardRow
from app.views.rows import board_rows, first_instant

CARDS = 50
"""In each column: with six of them at most 300 are in the page."""
WAY = (
    ItemState.open,
    ItemState.claimed,
    ItemState.fixed,
    ItemState.released,
    ItemState.told,
    ItemState.confirmed,
)
WAITS = frozenset({*CLAIMABLE, ItemState.claimed})


class Column(BaseModel):
    """The worst bugs of one state, and how many there are; re-opened ones are open again.

    `asked`: its states as a filter.
    """

    state: ItemState
    asked: str
    count: int
    rows: list[BoardRow]


class Cell(BaseModel):
    """How many bugs of an area are in a state; `heat` 0 to 4, `asked`: the states as a filter."""

    state: str
    asked: str
    count: int
    heat: int


class AreaLine(BaseModel):
    """An area by state; `waiting_days`: since the first customer whose bug is not fixed."""

    key: str
    name: str
    cells: list[Cell]
    count: int
    waiting_days: int


class AreaMap(BaseModel):
    """Areas, alphabetically, by state."""

    states: list[str]
    lines: list[AreaLine]


class ShapedBoard(BoardPage):
    """The board's page; one of the shapes is there, in place of rows."""

    shape: str = "list"
    columns: list[Column] = Field(default_factory=list)
    areas: AreaMap | None = None


def columns(db: Session, asked: Narrowed, *, at: datetime) -> list[Column]:
    """Show the worst bugs of each state on a bug's way."""
    found = []
    for state in WAY:
        members = _members(state)
        here = [*asked.conditions, shapes.in_one_of(members)]
        order = Order(asked.query.sort, asked.today)
        some, count = filtered_lines(db, asked.sprint_id, here, order=order, limit=CARDS)
        shown = board_rows(db, some, at=at)
        found.append(Column(state=state, asked=",".join(members), count=count, rows=shown))
    return found


def _members(state: ItemState) -> list[ItemState]:
    return sorted(CLAIMABLE) if state == ItemState.open else [state]


def areas(
    db: Session, sprint_id: int, conditions: Sequence[Any], *, at: datetime
) -> AreaMap | None:
    """Show how many bugs of each area are in which state; None without any."""
    by_area: dict[tuple[str, str], list[AreaCount]] = defaultdict(list)
    for each in shapes.area_counts(db, sprint_id, conditions):
        by_area[each.name or "", each.key or ""].append(each)
    if not by_area:
        return None
    names = {state.value: _members(state) for state in WAY} | {"left": sorted(LEFT)}
    most = max(_sum(some, states) for some in by_area.values() for states in names.values())
    order = sorted(by_area, key=lambda each: (not each[0], each[0].casefold()))
    return AreaMap(
        states=list(names), lines=[_area(one, by_area[one], names, most, at) for one in order]
    )


def _sum(some: Sequence[AreaCount], states: Sequence[ItemState]) -> int:
    return sum(each.bugs for each in some if each.state in states)


def _area(
    area: tuple[str, str],
    some: Sequence[AreaCount],
    names: dict[str, list[ItemState]],
    most: int,
    at: datetime,
) -> AreaLine:
    waiting = [each.first_report for each in some if each.state in WAITS and each.first_report]
    cells = [
        Cell(state=name, asked=",".join(states), count=count, heat=-(-4 * count // max(1, most)))
        for name, states in names.items()
        for count in [_sum(some, states)]
    ]
    return AreaLine(
        key=area[1],
        name=area[0] or "No area",
        cells=cells,
        count=sum(each.bugs for each in some),
        waiting_days=int(waiting_days(min(waiting), first_instant(at))) if waiting else 0,
    )


def shaped_page(
    db: Session, slug: str, wanted: Wanted, shape: str, *, who: Asker, at: datetime
) -> ShapedBoard:
    """Show a board to people, in the shape that is asked for."""
    asked = narrowed(db, slug, wanted.q, who=who, at=at)
    board = board_page(db, asked, wanted, who=who, at=at)
    facts = {name: getattr(board, name) for name in BoardPage.model_fields}
    made = ShapedBoard(**facts, shape=shape)
    if shape == "list":
        return made
    if shape == "columns" and board.matching:
        made.columns = columns(db, asked, at=at)
    elif shape == "areas":
        made.areas = areas(db, asked.sprint_id, asked.conditions, at=at)
    return made
