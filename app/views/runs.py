"""What somebody started at a source, in words: how far it is, or what it found."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session

from app.core.sentences import counted
from app.core.vocabulary import RunKind, RunState
from app.db.models import Source, SourceRun
from app.db.queries import runs, sources, teams
from app.views.hooks import lasting
from app.views.pace import limit_of

SILENT = timedelta(minutes=10)
RECORDS_A_SECOND = 1_000
"""As many records are stored in a second, at least, besides being read."""
DOES = {
    RunKind.test: "The connection is being tried",
    RunKind.dry_run: "It is being counted what would come",
    RunKind.reading: "It is being read",
}


class StreamRun(BaseModel):
    """How far one stream is; `total` where the source says how much there is."""

    name: str
    count: int
    total: int | None


class RunLine(BaseModel):
    """One run; `alive`: it is under way.  `words` say how it stands in a sentence."""

    kind: RunKind
    state: RunState
    alive: bool
    words: str
    streams: list[StreamRun]
    share: float | None
    started_at: datetime
    ended_at: datetime | None


class AreaFound(BaseModel):
    """How many bugs would belong to an area, and whose that is."""

    name: str
    team: str | None
    bugs: int


class Counted(BaseModel):
    """What a dry run found: how much would come, and what of it is understood."""

    tickets: int
    bugs: int
    customers: int
    links: int
    unmatched: int
    refused: int
    states: list[tuple[str, str, int]]
    severities: dict[str, int]
    areas: list[AreaFound]
    no_area: int
    strange: list[tuple[str, int]]
    tags: list[tuple[str, int]]
    closed: list[str]
    sentence: str


class TestFound(BaseModel):
    """What a connection test found; of tickets, sentences that cannot be read."""

    who: str
    scopes: list[str]
    quota: str | None
    clock_skew_seconds: float | None
    samples: list[str]
    warnings: list[str]


class Runs(BaseModel):
    """The runs of a source, and what the last test and the last dry run found."""

    test: RunLine | None = None
    dry_run: RunLine | None = None
    reading: RunLine | None = None
    tested: TestFound | None = None
    counted: Counted | None = None

    @property
    def under_way(self) -> RunLine | None:
        """The run that goes on now."""
        return next((run for run in (self.reading, self.dry_run) if run and run.alive), None)


def runs_of(db: Session, *, at: datetime) -> dict[int, Runs]:
    """Show the last runs of every source."""
    found: dict[int, Runs] = {}
    owners = _owners(db)
    limits = {source.id: limit_of(source) for source in sources.sources(db)}
    for run in runs.every_run(db):
        shown = found.setdefault(run.source_id, Runs())
        setattr(shown, run.kind.value, run_line(run, at))
        if run.kind is RunKind.test and run.state is RunState.done:
            shown.tested = TestFound(**run.found)
        if run.kind is RunKind.dry_run and run.found:
            shown.counted = _counted(run.found, owners, limits.get(run.source_id, 0))
    return found


def runs_of_one(db: Session, source: Source, *, at: datetime) -> Runs:
    """Show the last runs of one source."""
    return runs_of(db, at=at).get(source.id or 0, Runs())


def run_line(run: SourceRun, at: datetime) -> RunLine:
    """Show one run."""
    alive = run.state is RunState.running and at - run.told_at < SILENT
    streams = [StreamRun(name=n, count=c, total=t) for n, (c, t) in sorted(run.counts.items())]
    total = sum(each.total or 0 for each in streams)
    known = bool(streams) and all(each.total for each in streams)
    done = sum(each.count for each in streams)
    share = min(1.0, done / total) if known and total else None
    return RunLine(
        kind=run.kind,
        state=run.state,
        alive=alive,
        words=_words(run, alive=alive, done=done, share=share, at=at),
        streams=streams,
        share=share,
        started_at=run.started_at,
        ended_at=run.ended_at,
    )


def _words(run: SourceRun, *, alive: bool, done: int, share: float | None, at: datetime) -> str:
    if alive:
        return _going(run, done, share, at)
    if run.state is RunState.running:
        return "It was cut off, for instance by a restart. Start it again; what was read is kept."
    if run.state is RunState.done:
        return f"Done: {run.said}." if run.said else "Done."
    return run.said or "It failed."


def _going(run: SourceRun, done: int, share: float | None, at: datetime) -> str:
    said = f"{DOES[run.kind]}: {counted(done, 'record')} so far"
    if run.stop:
        return f"{said}; it stops after the page it is at."
    if not share or share >= 1:
        return f"{said}."
    left = (at - run.started_at) * ((1 - share) / share)
    return f"{said}, {share:.0%}; about {lasting(max(left, timedelta(seconds=1)))} left."


def _owners(db: Session) -> dict[str, tuple[str, str | None]]:
    names = {team.id: team.name for team in teams.teams(db)}
    return {str(a.id): (a.name, names.get(a.team_id)) for a in teams.areas(db)}


def _counted(
    found: Mapping[str, Any], owners: Mapping[str, tuple[str, str | None]], limit: int
) -> Counted:
    areas = [
        AreaFound(name=owners[key][0], team=owners[key][1], bugs=count)
        for key, count in found["areas"].items()
        if key in owners
    ]
    copied = {name: found[name] for name in Counted.model_fields if name in found}
    by_size = sorted(areas, key=lambda each: (-each.bugs, each.name))
    return Counted(**copied | {"areas": by_size, "sentence": sentence(found, limit)})


def sentence(found: Mapping[str, Any], limit: int) -> str:
    """Say what a reading would bring, how long it takes, and what of the limit it uses."""
    parts: Sequence[tuple[str, str]] = (
        ("tickets", "ticket"),
        ("bugs", "bug"),
        ("customers", "customer"),
        ("links", "link"),
    )
    some = [counted(found[name], one) for name, one in parts if found[name]]
    if not some:
        return "Nothing new would come."
    brought = f"It would import {', '.join(some)}"
    missed = f"; {found['unmatched']:,} named bugs are not known" if found["unmatched"] else ""
    refused = f"; {counted(found['refused'], 'record')} cannot be read" if found["refused"] else ""
    return f"{brought}{missed}{refused}; {_length(found, limit)}."


def _length(found: Mapping[str, Any], limit: int) -> str:
    """Say how long it takes: each page is one request, and no minute has more than the limit."""
    records = sum(found[name] for name in ("tickets", "bugs", "customers", "links"))
    seconds = max(1, round(found["seconds"] + records / RECORDS_A_SECOND))
    pages = found.get("pages", 0)
    soon = lasting(timedelta(seconds=seconds))
    if not limit or not pages:
        return f"in about {soon}"
    minutes = max(ceil(seconds / 60), ceil(pages / limit))
    used = f"about {ceil(pages / minutes):,} of {limit:,} requests a minute"
    return f"{used} for {f'{minutes:,} minutes' if minutes > 1 else soon}"
