"""The way from an empty database to the first ranked board; each step is told from the data."""

from datetime import date, datetime, timedelta

from pydantic import BaseModel
from sqlmodel import Session

from app.db.models import Source
from app.db.queries import people, rankings, sources, sprints, teams
from app.db.queries.filtering import count_lines
from app.views.forms import FROM_PAGES, NAMES, source_form
from app.views.runs import Runs, runs_of

TITLES = (
    "An administrator",
    "Explore the demo, or connect your own data",
    "Connect tickets and bugs, and test each",
    "What maps to what",
    "Count before importing",
    "Import",
    "The first ranked board",
)
LENGTH = timedelta(days=13)


class Step(BaseModel):
    """One step; `now`: the first that is not done."""

    number: int
    title: str
    done: bool
    now: bool = False


class NewSource(BaseModel):
    """A source on its way: what it brings, whether it was read, and what was tried with it."""

    name: str
    kind: str
    noun: str
    paused: bool
    read: bool
    note: str
    runs: Runs


class Welcome(BaseModel):
    """Where somebody stands.  `fresh`: nobody can sign in yet.  `lacking`: tickets or bugs."""

    fresh: bool
    steps: list[Step]
    sources: list[NewSource]
    kinds: dict[str, str]
    lacking: list[str]
    teams: int
    areas: int
    unowned: list[str]
    ranked: int
    board: str | None
    starts_on: date
    ends_on: date

    @property
    def under_way(self) -> bool:
        """Whether anything is being counted or read now."""
        return any(each.runs.under_way for each in self.sources)


def welcome(db: Session, *, at: datetime, fresh: bool = False) -> Welcome:
    """Show how far the first setup is."""
    found = [] if fresh else _sources(db, at)
    owned = teams.areas(db)
    current = sprints.current_sprint(db)
    ready = current is not None and bool(current.id and count_lines(db, current.id, ())[0])
    monday = at.date() + timedelta(days=7 - at.weekday())
    ranked = len(rankings.scored_bugs(db))
    lacking = [noun for noun in ("tickets", "bugs") if noun not in {each.noun for each in found}]
    done = (
        not fresh,
        bool(found),
        not lacking and all(_tried(each) for each in found),
        bool(owned) and all(area.team_id for area in owned),
        not lacking and all(each.read or each.runs.counted for each in found),
        not lacking and all(each.read for each in found),
        ready,
    )
    return Welcome(
        fresh=fresh,
        steps=_steps(done),
        sources=found,
        kinds={kind: NAMES.get(kind, kind) for kind in FROM_PAGES},
        lacking=lacking,
        teams=len(teams.teams(db)),
        areas=len(owned),
        unowned=[area.name for area in owned if area.team_id is None],
        ranked=ranked,
        board=current.slug if current and ready else None,
        starts_on=monday,
        ends_on=monday + LENGTH,
    )


def nobody_yet(db: Session) -> bool:
    """Say whether no person is known yet, so that nobody can sign in."""
    return not people.any_user(db)


def _tried(source: NewSource) -> bool:
    return source.read or source.runs.tested is not None


def _steps(done: tuple[bool, ...]) -> list[Step]:
    first = next((place for place, each in enumerate(done) if not each), None)
    return [
        Step(number=place + 1, title=title, done=done[place], now=place == first)
        for place, title in enumerate(TITLES)
    ]


def _sources(db: Session, at: datetime) -> list[NewSource]:
    runs = runs_of(db, at=at)
    return [
        _source(each, runs.get(each.id or 0, Runs()))
        for each in sources.sources(db)
        if "~" not in each.name
    ]


def _source(source: Source, runs: Runs) -> NewSource:
    return NewSource(
        name=source.name,
        kind=source.kind,
        noun=_noun(source),
        paused=source.paused,
        read=source.good_at is not None,
        note=source.note,
        runs=runs,
    )


def _noun(source: Source) -> str:
    said = source.options.get("noun")
    return str(said) if said else source_form(source.kind).noun
