"""A filter as conditions and an order for a board's lines, on both databases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal, not_, or_
from sqlalchemy import select as rows_of
from sqlmodel import Session, col

from app.core.filter_terms import Choice, Measure, Query, Sort, Term, Text
from app.db.models import Bug, BugScore, SprintItem
from app.db.queries import filter_choices
from app.db.queries.filter_amounts import beyond, sort_key
from app.db.queries.filter_choices import sure
from app.db.queries.lines import Line, board_lines
from app.db.queries.sprints import place

Anchor = tuple[Any, int, int]


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom, and as of which instant, a filter is answered.

    `today`: the day's first instant.  `text`: they may read what customers wrote.  `coarse`:
    scores are shown in two digits, so that is how they are compared.
    """

    name: str
    team_id: int | None
    today: datetime
    text: bool
    coarse: bool


Meaning = Callable[[Term], Any]


def meaning(db: Session, sprint_id: int, reader: Reader) -> Meaning:
    """Return how a term is said in SQL: true or false for every line, never unknown."""
    dialect = db.get_bind().dialect.name
    about = filter_choices.About(sprint_id, reader.name, reader.team_id, reader.today, dialect)

    def said(term: Term) -> Any:
        if isinstance(term, Text):
            found = filter_choices.has_words(term.words, about, in_text=reader.text)
        elif isinstance(term, Choice):
            found = or_(*(filter_choices.has(term.field, term.values, about)))
        else:
            found = _measured(term, reader)
        return not_(sure(found)) if term.no else sure(found)

    return said


def _measured(term: Measure, reader: Reader) -> Any:
    known, at_least = beyond(term.field, reader.today, coarse=reader.coarse)
    more = int(term.op in (">", "<="))
    if term.op != ":":
        past = at_least(term.parts[0].low, more)
        return past if term.op in (">", ">=") else and_(known, not_(sure(past)))
    return or_(
        *(
            not_(sure(known))
            if part.low is None
            else and_(at_least(part.low, 0), not_(sure(at_least(part.high, 1))))
            for part in term.parts
        )
    )


def filtered_lines(
    db: Session,
    sprint_id: int,
    conditions: Sequence[Any],
    *,
    order: "Order",
    limit: int | None,
) -> tuple[list[Line], int]:
    """Return the lines for which all conditions hold, in an order, behind its anchor.

    And how many there are behind it altogether: what was found is not looked for a second time.
    """
    wanted = board_lines().where(*conditions, *order.behind()).order_by(*order.columns())
    counted = wanted.add_columns(func.count().over()).limit(limit)
    found = db.connection().execute(counted, {"sprint": sprint_id}).all()
    return [Line(*row[:-1]) for row in found], int(found[0][-1]) if found else 0


class Order:
    """An order of lines in which every line has one place: ties fall to rank, then to the id."""

    def __init__(self, sort: Sort | None, today: datetime) -> None:
        self.sort = sort or Sort()
        self._key = sort_key(self.sort.field, today)
        self._anchor: Anchor | None = None

    def begin_behind(self, db: Session, sprint_id: int, item_id: int) -> bool:
        """Begin behind a line, as it stands now; False when it is not there any more."""
        found = (
            rows_of(self._key, place(), col(SprintItem.id))
            .select_from(SprintItem)
            .join(Bug, col(Bug.id) == col(SprintItem.bug_id))
            .outerjoin(BugScore, col(BugScore.bug_id) == col(Bug.id))
            .where(col(SprintItem.id) == item_id, col(SprintItem.sprint_id) == sprint_id)
        )
        row = db.connection().execute(found).first()
        self._anchor = tuple(row) if row else None
        return row is not None

    def columns(self) -> tuple[Any, ...]:
        """What to order by."""
        key = self._key.desc() if self.sort.falling else self._key
        return (key, place(), col(SprintItem.id))

    def behind(self) -> list[Any]:
        """The condition that leaves out everything up to the anchor."""
        if self._anchor is None:
            return []
        key, rank, item_id = self._anchor
        value = bindparam(None, key, type_=self._key.type)
        past = self._key < value if self.sort.falling else self._key > value
        tied = or_(place() > rank, and_(place() == rank, col(SprintItem.id) > item_id))
        return [or_(past, and_(self._key == value, tied))]


def count_lines(db: Session, sprint_id: int, conditions: Sequence[Any]) -> tuple[int, int]:
    """Count a sprint's lines, and those for which all conditions hold."""
    hits = func.sum(case((and_(*conditions), 1), else_=0)) if conditions else func.count()
    total, matching = db.connection().execute(_over(sprint_id, func.count(), hits)).one()
    return int(total), int(matching or 0)


def count_without(db: Session, sprint_id: int, conditions: Sequence[Any]) -> list[tuple[int, int]]:
    """Count for each condition where all the others hold, and where it holds, in one read."""
    flags = [case((each, 1), else_=0).label(f"t{n}") for n, each in enumerate(conditions)]
    each = _over(sprint_id, *flags).subquery()
    missed = reduce(lambda one, more: one + (1 - more), each.c, literal(0))
    others = [func.sum(case((missed - (1 - flag) == 0, 1), else_=0)) for flag in each.c]
    row = db.connection().execute(rows_of(*others, *map(func.sum, each.c))).one()
    counts = [int(count or 0) for count in row]
    return list(zip(counts[: len(flags)], counts[len(flags) :], strict=True))


def _over(sprint_id: int, *what: Any) -> Any:
    return (
        rows_of(*what)
        .select_from(SprintItem)
        .join(Bug, col(Bug.id) == col(SprintItem.bug_id))
        .outerjoin(BugScore, col(BugScore.bug_id) == col(Bug.id))
        .where(col(SprintItem.sprint_id) == sprint_id)
    )


def quick_first(query: Query, conditions: Sequence[Any]) -> list[Any]:
    """Return the conditions of a query with those last that look through texts."""
    both = zip(query.terms, conditions, strict=True)
    return [said for _, said in sorted(both, key=lambda each: isinstance(each[0], Text))]


def conditions_of(query: Query, means: Meaning) -> list[Any]:
    """Return every term of a query as a condition."""
    return [means(term) for term in query.terms]
