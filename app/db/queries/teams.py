"""Teams, their members, and the areas they own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app.db.models import Area, Bug, Member, Team
from app.db.queries.upsert import table_of, upsert


def teams(db: Session) -> Sequence[Team]:
    """Return every team, alphabetically."""
    return sorted(db.exec(select(Team)).all(), key=lambda team: team.name.casefold())


def team(db: Session, team_id: int) -> Team | None:
    """Return one team."""
    return db.get(Team, team_id)


def team_by_key(db: Session, key: str) -> Team | None:
    """Return a team by its short name."""
    return db.exec(select(Team).where(Team.key == key)).one_or_none()


def members(db: Session) -> Sequence[Member]:
    """Return every member of every team."""
    return db.exec(select(Member).order_by(col(Member.team_id), col(Member.name))).all()


def areas(db: Session) -> Sequence[Area]:
    """Return every area in the order in which their rules are tried."""
    return db.exec(select(Area).order_by(col(Area.id))).all()


def keep_teams(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Insert teams or refresh them, by key."""
    upsert(db, Team, rows, keys=("key",))


def keep_areas(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Insert areas or refresh them, by key."""
    upsert(db, Area, rows, keys=("key",))


def replace_members(db: Session, team_id: int, rows: Sequence[dict[str, Any]]) -> None:
    """Store who is in a team now."""
    db.exec(delete(Member).where(col(Member.team_id) == team_id))
    db.add_all([Member(team_id=team_id, **row) for row in rows])


def areas_of_bugs(db: Session) -> Sequence[tuple[int, list[str], list[str], str, int | None]]:
    """Return what decides each bug's area: id, labels, components, title, area now."""
    bug = table_of(Bug).c
    wanted = rows_of(bug.id, bug.labels, bug.components, bug.title, bug.area_id)
    return [(i, ls, cs, title, area) for i, ls, cs, title, area in db.connection().execute(wanted)]
