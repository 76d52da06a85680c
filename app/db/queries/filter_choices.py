"""Fields that are named: which lines have one of these names, in SQL."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, false, func, literal, not_, or_, true
from sqlalchemy import select as rows_of
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.vocabulary import ItemState, LinkState
from app.db.models import (
    Activity,
    Area,
    Bug,
    Customer,
    PlanMark,
    Source,
    Sprint,
    SprintItem,
    Team,
    Ticket,
)
from app.db.queries.filter_roots import among_roots, any_ticket

NONE, ME = "none", "me"
QUIET = timedelta(days=2)
"""A claim of which nothing was heard for so long is stale."""


@dataclass(frozen=True, slots=True)
class About:
    """Of which board and for whom, at the day's first instant, and in which SQL."""

    sprint_id: int
    name: str
    team_id: int | None
    today: datetime
    dialect: str


def sure(condition: Any) -> Any:
    """True or false; what is unknown is false, so that its opposite is true."""
    return func.coalesce(condition, false())


def has(field: str, values: Sequence[str], about: About) -> Iterator[Any]:
    """Yield conditions of which one at least has to hold."""
    if field == "owner":
        values = [about.name if value == ME else value for value in values]
    named = [value for value in values if value != NONE]
    if named:
        yield _NAMED[field](named, about)
    if len(named) < len(values):
        yield _without(field, about)


def has_words(words: str, about: About, *, in_text: bool) -> Any:
    """Lines whose title or key has these characters or, for some, what a customer wrote."""

    def inside(column: Any) -> Any:
        # SQLite's LIKE takes no notice of case by itself; lowering every text costs twice as much.
        if about.dialect == "sqlite":
            return col(column).contains(words, autoescape=True)
        return col(column).icontains(words, autoescape=True)

    places = [inside(Bug.title), inside(Bug.key)]
    if in_text:
        places.append(any_ticket(or_(inside(Ticket.subject), inside(Ticket.text))))
    return or_(*places)


def _in(column: Any) -> Callable[[Collection[str], About], Any]:
    return lambda names, _about: col(column).in_(names)


def _team(names: Collection[str], _about: About) -> Any:
    team = aliased(Team)
    return col(SprintItem.team_id).in_(rows_of(col(team.id)).where(col(team.key).in_(names)))


def _area(names: Collection[str], _about: About) -> Any:
    area = aliased(Area)
    return col(Bug.area_id).in_(rows_of(col(area.id)).where(col(area.key).in_(names)))


def _customer(names: Collection[str], _about: About) -> Any:
    who = rows_of(col(Customer.id)).where(col(Customer.name).in_(names))
    return among_roots(col(Ticket.customer_id).in_(who))


def _tier(names: Collection[str], _about: About) -> Any:
    return _of_tier(col(Customer.tier).in_(names))


def _of_tier(condition: Any) -> Any:
    return any_ticket(col(Ticket.customer_id).in_(rows_of(col(Customer.id)).where(condition)))


def _source(names: Collection[str], _about: About) -> Any:
    source = aliased(Source)
    meant = rows_of(col(source.id)).where(
        or_(col(source.name).in_(names), col(source.kind).in_(names))
    )
    return or_(col(Bug.source_id).in_(meant), any_ticket(col(Ticket.source_id).in_(meant)))


def _label(names: Collection[str], about: About) -> Any:
    if about.dialect == "postgresql":
        labels = func.jsonb_array_elements_text(col(Bug.labels)).table_valued("value")
    else:
        labels = func.json_each(col(Bug.labels)).table_valued("value")

    return rows_of(literal(1)).select_from(labels).where(labels.c.value.in_(names)).exists()


def _sprint(names: Collection[str], _about: About) -> Any:
    other = aliased(SprintItem)
    there = (
        rows_of(col(other.bug_id))
        .join(Sprint, col(Sprint.id) == col(other.sprint_id))
        .where(col(Sprint.slug).in_(names))
    )
    return col(Bug.id).in_(there)


def _is(names: Collection[str], about: About) -> Any:
    flags = {"mine": _mine, "stale": _stale, "blocked": _blocked}
    return or_(*(flags[name](about) for name in names))


def _mine(about: About) -> Any:
    if about.team_id is None:
        return false()
    return col(SprintItem.team_id) == about.team_id


def _stale(about: About) -> Any:
    quiet_since = about.today - QUIET
    heard = (
        rows_of(col(Activity.id))
        .where(col(Activity.bug_id) == col(SprintItem.bug_id), col(Activity.at) >= quiet_since)
        .correlate(SprintItem)
        .exists()
    )
    claimed = col(SprintItem.state) == ItemState.claimed
    return and_(claimed, col(SprintItem.claimed_at) < quiet_since, not_(heard))


def _blocked(about: About) -> Any:
    waits = rows_of(col(PlanMark.bug_id)).where(
        col(PlanMark.sprint_id) == about.sprint_id, col(PlanMark.blocked_by) != ""
    )
    return col(SprintItem.bug_id).in_(waits)


def _has(names: Collection[str], _about: About) -> Any:
    suggested = any_ticket(state=LinkState.suggested)
    return suggested if "suggestion" in names else false()


def _nothing(_names: Collection[str], _about: About) -> Any:
    return false()


_NAMED: dict[str, Callable[[Collection[str], About], Any]] = {
    "state": _in(SprintItem.state),
    "lane": _in(SprintItem.lane),
    "owner": _in(SprintItem.claimed_by),
    "severity": _in(Bug.severity),
    "team": _team,
    "area": _area,
    "customer": _customer,
    "tier": _tier,
    "source": _source,
    "label": _label,
    "touchpoint": _nothing,
    "sprint": _sprint,
    "is": _is,
    "has": _has,
}


def _without(field: str, about: About) -> Any:
    columns = {
        "team": SprintItem.team_id,
        "area": Bug.area_id,
        "owner": SprintItem.claimed_by,
        "severity": Bug.severity,
    }
    if field in columns:
        return col(columns[field]).is_(None)
    if field == "label":
        length = (
            func.jsonb_array_length if about.dialect == "postgresql" else func.json_array_length
        )
        return length(col(Bug.labels)) == 0
    if field == "customer":
        return not_(any_ticket(col(Ticket.customer_id).is_not(None)))
    if field == "tier":
        return not_(_of_tier(col(Customer.tier).is_not(None)))
    return true()
