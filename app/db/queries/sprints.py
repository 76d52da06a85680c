"""Sprints and their items; a claim is one conditional UPDATE whose row count decides."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, or_, update
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app.core.vocabulary import CLAIMABLE, ItemState, Lane, Phase
from app.db.models import (
    Area,
    Bug,
    BugScore,
    PlanMark,
    RankingSnapshot,
    Source,
    Sprint,
    SprintItem,
    Team,
)
from app.db.prepared import Prepared
from app.db.queries.upsert import insert_missing, upsert

ALIVE = (Phase.commit, Phase.run, Phase.review)


def sprint_by_slug(db: Session, slug: str) -> Sprint | None:
    """Return a sprint by its address word."""
    if "\x00" in slug:  # one of the two databases cannot even look for it
        return None
    return db.exec(select(Sprint).where(Sprint.slug == slug)).one_or_none()


def current_sprint(db: Session) -> Sprint | None:
    """Return the sprint people mean: one under way, else the newest not closed, else any."""
    return db.scalars(_current()).first()


@cache
def _current() -> Any:
    return _newest_first(select(Sprint))


def current_id() -> Any:
    """The id of the sprint people mean, to be used inside another statement."""
    return _newest_first(rows_of(col(Sprint.id))).scalar_subquery()


def _newest_first(statement: Any) -> Any:
    # Not IN: its list would be written into the statement anew each time.
    alive = or_(*(col(Sprint.phase) == phase for phase in ALIVE))
    order = (alive.desc(), col(Sprint.closed_at).is_(None).desc())
    newest = (col(Sprint.starts_on).desc(), col(Sprint.id).desc())
    return statement.order_by(*order, *newest).limit(1)


def all_sprints(db: Session) -> Sequence[Sprint]:
    """Return every sprint, newest first."""
    return db.exec(select(Sprint).order_by(col(Sprint.starts_on).desc(), col(Sprint.id))).all()


def item_of(db: Session, sprint_id: int, bug_id: int) -> SprintItem | None:
    """Return a bug's place in a sprint."""
    return db.scalars(_item_of(), {"sprint": sprint_id, "bug": bug_id}).one_or_none()


@cache
def _item_of() -> Any:
    return select(SprintItem).where(
        col(SprintItem.sprint_id) == bindparam("sprint"), col(SprintItem.bug_id) == bindparam("bug")
    )


def items(db: Session, sprint_id: int) -> Sequence[SprintItem]:
    """Return everything that is in a sprint."""
    return db.exec(
        select(SprintItem).where(SprintItem.sprint_id == sprint_id).order_by(col(SprintItem.id))
    ).all()


def live_items(db: Session, bug_ids: Collection[int]) -> Sequence[SprintItem]:
    """Return where these bugs stand in sprints that are under way."""
    return db.exec(
        select(SprintItem)
        .join(Sprint, col(Sprint.id) == col(SprintItem.sprint_id))
        .where(col(SprintItem.bug_id).in_(bug_ids), col(Sprint.phase).in_(ALIVE))
        .order_by(col(SprintItem.id))
    ).all()


def add_items(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Put bugs into a sprint; those that are there stay as they are."""
    insert_missing(db, SprintItem, rows, keys=("sprint_id", "bug_id"))


def keep_items(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Put bugs into a sprint, or renew what the plan says of them."""
    upsert(db, SprintItem, rows, keys=("sprint_id", "bug_id"))


def item_row(sprint_id: int, bug_id: int, lane: Lane, at: datetime, **more: Any) -> dict[str, Any]:
    """Return the columns of a new item."""
    row: dict[str, Any] = {
        "sprint_id": sprint_id,
        "bug_id": bug_id,
        "team_id": None,
        "lane": lane,
        "state": ItemState.open,
        "frozen_rank": None,
        "frozen_score": None,
        "frozen_first_report": None,
        "frozen_team_id": None,
        "reasons": [],
        "effort": None,
        "added_at": at,
        "version": 1,
    }
    return row | more


def take(db: Session, item_id: int, *, team_id: int, who: str, at: datetime) -> int | None:
    """Claim in one statement; returns its version, None when it could no longer be claimed."""
    return _move(
        db,
        item_id,
        CLAIMABLE,
        state=ItemState.claimed,
        team_id=team_id,
        claimed_by=who,
        claimed_at=at,
    )


def give_back(db: Session, item_id: int) -> int | None:
    """Release a claim; returns the item's version, None when there was none."""
    return _move(
        db, item_id, {ItemState.claimed}, state=ItemState.open, claimed_by=None, claimed_at=None
    )


def move(
    db: Session, item_id: int, states: Collection[ItemState], to: ItemState, at: datetime | None
) -> int | None:
    """Change an item's state from one of `states`; `at` is when it was resolved, if it is.

    Returns its version, None when its state was another.
    """
    return _move(db, item_id, states, state=to, resolved_at=at)


def assign(db: Session, item_id: int, team_id: int) -> int | None:
    """Give an item that nobody has claimed to a team; returns its version, None when claimed."""
    return _move(db, item_id, CLAIMABLE, team_id=team_id)


def put_back(db: Session, item_id: int, version: int, **values: Any) -> bool:
    """Set an item to what it was; False when it changed since it had this version."""
    same = (col(SprintItem.id) == item_id, col(SprintItem.version) == version)
    former = update(SprintItem).where(*same).values(version=version + 1, **values)
    return db.connection().execute(former).rowcount == 1


def versions(db: Session, item_ids: Collection[int]) -> dict[int, int]:
    """Return the versions of items by id."""
    theirs = select(SprintItem.id, SprintItem.version).where(col(SprintItem.id).in_(item_ids))
    return {number: version for number, version in db.exec(theirs) if number}


def advance(db: Session, item_id: int, states: Collection[ItemState], to: ItemState) -> int | None:
    """Change the state of an item that stays resolved; when it was fixed is not touched."""
    return _move(db, item_id, states, state=to)


def _move(db: Session, item_id: int, states: Collection[ItemState], **values: Any) -> int | None:
    given = {f"new_{name}": value for name, value in values.items()} | {"item": item_id}
    moving = _moving(tuple(values), frozenset(states))
    changed = moving.first(db, **given)
    return changed[0] if changed else None


@cache
def _moving(columns: tuple[str, ...], states: frozenset[ItemState]) -> Prepared:
    return Prepared(
        update(SprintItem)
        .where(
            col(SprintItem.id) == bindparam("item"),
            # Not IN: its list would be written into the statement anew each time.
            or_(*(col(SprintItem.state) == state for state in sorted(states))),
        )
        .values(
            version=SprintItem.version + 1, **{each: bindparam(f"new_{each}") for each in columns}
        )
        .returning(col(SprintItem.version))
    )


BoardRow = tuple[SprintItem, Bug, BugScore | None, str | None, str | None, str]
UNRANKED = 1_000_000_000


def place() -> Any:
    """The column by which a board is ordered: the frozen rank, newcomers last."""
    return func.coalesce(SprintItem.frozen_rank, UNRANKED)


def board_rows(
    db: Session, sprint_id: int, conditions: Sequence[Any] = (), *, limit: int | None = None
) -> Sequence[BoardRow]:
    """Return a sprint's items in frozen order: item, bug, score, team, area, source."""
    found = _board().where(*conditions).limit(limit)
    return [tuple(row) for row in db.execute(found, {"sprint": sprint_id})]


@cache
def _board() -> Any:
    return (
        rows_of(SprintItem, Bug, BugScore, col(Team.name), col(Area.name), col(Source.name))
        .join(Bug, col(Bug.id) == col(SprintItem.bug_id))
        .join(Source, col(Source.id) == col(Bug.source_id))
        .outerjoin(BugScore, col(BugScore.bug_id) == col(Bug.id))
        .outerjoin(Team, col(Team.id) == col(SprintItem.team_id))
        .outerjoin(Area, col(Area.id) == col(Bug.area_id))
        .where(col(SprintItem.sprint_id) == bindparam("sprint"))
        .order_by(place(), col(SprintItem.id))
    )


def highest_score(db: Session, sprint_id: int) -> float:
    """Return the highest score on a board, 0 without any."""
    return db.connection().scalar(_highest(), {"sprint": sprint_id}) or 0.0


@cache
def _highest() -> Any:
    return (
        select(func.max(BugScore.score))
        .join(SprintItem, col(SprintItem.bug_id) == col(BugScore.bug_id))
        .where(col(SprintItem.sprint_id) == bindparam("sprint"))
    )


def marks(db: Session, sprint_id: int) -> Sequence[PlanMark]:
    """Return what was said about bugs before the plan of a sprint."""
    return db.exec(select(PlanMark).where(PlanMark.sprint_id == sprint_id)).all()


def mark_of(db: Session, sprint_id: int, bug_id: int) -> PlanMark | None:
    """Return what was said about a bug before the plan of a sprint."""
    found = select(PlanMark).where(PlanMark.sprint_id == sprint_id, PlanMark.bug_id == bug_id)
    return db.exec(found).one_or_none()


def keep_mark(db: Session, row: dict[str, Any]) -> None:
    """Store what was said about a bug; what the row does not name stays."""
    upsert(db, PlanMark, [row], keys=("sprint_id", "bug_id"))


def snapshot_hash(db: Session, sprint: Sprint) -> str | None:
    """Return the data hash of the ranking that a sprint froze."""
    if sprint.snapshot_id is None:
        return None
    return db.exec(
        select(RankingSnapshot.data_hash).where(RankingSnapshot.id == sprint.snapshot_id)
    ).one_or_none()
