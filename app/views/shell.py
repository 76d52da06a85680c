"""What stands around every page: who looks, which sprint, how fresh the data is."""

from datetime import date, datetime

from pydantic import BaseModel
from sqlmodel import Session

from app.core.preferences import Preferences
from app.core.sprints import day_of
from app.core.vocabulary import Phase, Role, SourceState
from app.db.models import Sprint
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
    """How a source stands: when it was last read to its end, and what is wrong."""

    name: str
    kind: str
    state: SourceState
    paused: bool
    good_at: datetime | None
    note: str


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


def around(db: Session, *, today: date) -> Around:
    """Show the sprint people mean and the state of every source."""
    current = sprints.current_sprint(db)
    return Around(
        sprint=head(current, today=today) if current else None,
        sources=[
            Freshness(
                name=s.name,
                kind=s.kind,
                state=s.state,
                paused=s.paused,
                good_at=s.good_at,
                note=s.note,
            )
            for s in sources.sources(db)
            if "~" not in s.name
        ],
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
