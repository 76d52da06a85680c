"""What stands around every page: who looks, which sprint, how fresh the data is."""

from datetime import UTC, date, datetime, timedelta

from pydantic import BaseModel
from sqlmodel import Session

from app.core.preferences import Preferences
from app.core.sprints import day_of
from app.core.vocabulary import Phase, Role, SourceState
from app.db.models import Source, Sprint
from app.db.queries import sources, sprints


class SprintHead(BaseModel):
    """A sprint in one line; `day` is None before its first day, and after its last one."""

    id: int
    slug: str
    name: str
    phase: Phase
    starts_on: date
    ends_on: date
    day: int | None
    days: int
    demo: bool
    committed: bool


class Freshness(BaseModel):
    """How a source stands: when it was last read to its end, and what is wrong.

    `stale_at`: when its data is too old to be called up to date; `stale`: that is so already.
    """

    name: str
    kind: str
    state: SourceState
    paused: bool
    good_at: datetime | None
    note: str
    stale_at: datetime | None = None
    stale: bool = False


class Shell(BaseModel):
    """The frame of a page for one person."""

    name: str
    initials: str
    role: Role
    team: str | None
    team_id: int | None
    leads: int | None = None
    signed_in: bool
    can: frozenset[str]
    sprint: SprintHead | None
    sources: list[Freshness]
    demo: bool
    preferences: Preferences = Preferences()


class Around(BaseModel):
    """The part of the frame that is the same for everybody."""

    sprint: SprintHead | None
    sources: list[Freshness]


def around(db: Session, *, at: datetime, patience: timedelta) -> Around:
    """Show the sprint people mean and every source; its data is stale after the `patience`."""
    current = sprints.current_sprint(db)
    return Around(
        sprint=head(current, today=at.astimezone(UTC).date()) if current else None,
        sources=[
            _freshness(source, at, patience)
            for source in sources.sources(db)
            if "~" not in source.name
        ],
    )


def _freshness(source: Source, at: datetime, patience: timedelta) -> Freshness:
    good = source.good_at
    stale_at = good + patience if good and not source.paused else None
    return Freshness(
        name=source.name,
        kind=source.kind,
        state=source.state,
        paused=source.paused,
        good_at=good,
        note=source.note,
        stale_at=stale_at,
        stale=stale_at is not None and source.state == SourceState.ok and stale_at <= at,
    )


def head(sprint: Sprint, *, today: date) -> SprintHead:
    """Show a sprint in one line."""
    inside = sprint.starts_on <= today <= sprint.ends_on
    day, days = day_of(sprint.starts_on, sprint.ends_on, today)
    return SprintHead(
        id=sprint.id or 0,
        slug=sprint.slug,
        name=sprint.name,
        phase=sprint.phase,
        starts_on=sprint.starts_on,
        ends_on=sprint.ends_on,
        day=day if inside else None,
        days=days,
        demo=sprint.demo,
        committed=sprint.committed_at is not None,
    )


def initials(name: str) -> str:
    """Return at most two letters that stand for a person."""
    words = [word for word in name.replace(".", " ").split() if word]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"
