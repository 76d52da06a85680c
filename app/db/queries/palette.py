"""What the palette finds by words: bugs, worst first, and teams, in one reading."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Float, and_, cast, func, literal, union_all
from sqlalchemy import select as rows_of
from sqlmodel import Session, col

from app.db.models import Bug, BugScore, Team


class Hit(NamedTuple):
    """Something that can be gone to: a bug with its key, or a team with its own."""

    kind: str
    id: int
    key: str
    name: str


def hits(db: Session, words: Sequence[str], *, limit: int) -> list[Hit]:
    """Return teams and bugs that have every word, teams first, then the worst bugs."""
    both = union_all(_teams(words), _bugs(words)).subquery()
    wanted = rows_of(both.c.kind, both.c.id, both.c.key, both.c.name)
    order = (both.c.first, both.c.score.desc(), both.c.id)
    return [Hit(*row) for row in db.connection().execute(wanted.order_by(*order).limit(limit))]


def _teams(words: Sequence[str]) -> Any:
    return rows_of(
        literal("team").label("kind"),
        col(Team.id).label("id"),
        col(Team.key).label("key"),
        col(Team.name).label("name"),
        literal(0).label("first"),
        cast(literal(0.0), Float).label("score"),
    ).where(_having(words, Team.name, Team.key))


def _bugs(words: Sequence[str]) -> Any:
    score = func.coalesce(col(BugScore.score), 0.0)
    return (
        rows_of(literal("bug"), col(Bug.id), col(Bug.key), col(Bug.title), literal(1), score)
        .outerjoin(BugScore, col(BugScore.bug_id) == col(Bug.id))
        .where(col(Bug.duplicate_of_id).is_(None), _having(words, Bug.title, Bug.key))
    )


def _having(words: Sequence[str], *places: Any) -> Any:
    anywhere = [[col(place).icontains(word, autoescape=True) for place in places] for word in words]
    return and_(*(some[0] | some[1] for some in anywhere))
