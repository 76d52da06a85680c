"""What happened to a bug, here, at its tracker and with its tickets; and since its fix."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from pydantic import BaseModel
from sqlmodel import Session

from app.core.sentences import counted
from app.core.vocabulary import RESOLVED, ItemState, LinkOrigin, Resolution
from app.db.models import Bug
from app.db.queries import bug_story
from app.db.queries.bug_story import Came
from app.views.models import BoardRow, NoteLine

SHOWN_MOMENTS = 60
RECURS_AFTER = timedelta(days=7)
"""A ticket sooner after a release may still be about the version before it."""

ENDS = {
    Resolution.fixed: "as fixed",
    Resolution.wontfix: "without a fix",
    Resolution.duplicate: "as a duplicate",
    Resolution.invalid: "as no bug",
    Resolution.moved: "because it moved",
}


class Moment(BaseModel):
    """Something that happened; `note` is the id of our own note, None where others did it."""

    at: datetime
    text: str
    note: int | None = None


class SinceFix(BaseModel):
    """What came after a fix.  `still_broken`: tickets a week or longer after the release."""

    fixed_at: datetime
    released_at: datetime | None
    confirmed: bool
    tickets: int
    still_broken: int


def timeline(
    bug: Bug, source: str, came: Sequence[Came], notes: Sequence[NoteLine]
) -> list[Moment]:
    """Return what happened to a bug, the newest first."""
    own = [Moment(at=note.at, text=note.text, note=note.id) for note in notes]
    every = [*own, *_upstream(bug, source), *_tickets(came), *_links(came)]
    return sorted(every, key=lambda each: each.at, reverse=True)[:SHOWN_MOMENTS]


def _upstream(bug: Bug, source: str) -> Iterator[Moment]:
    yield Moment(at=bug.created_at, text=f"It was reported in {source} as {bug.key}.")
    if bug.closed_at:
        how = ENDS.get(bug.resolution, "") if bug.resolution else ""
        yield Moment(at=bug.closed_at, text=f"It was closed in {source} {how}".rstrip() + ".")


def _tickets(came: Sequence[Came]) -> Iterator[Moment]:
    for each in came[:1]:
        yield Moment(at=each.created_at, text="The first ticket about it came.")
    later = groupby(came[1:], key=lambda each: (each.created_at.year, each.created_at.month))
    for _, month in later:
        some = list(month)
        last = some[-1].created_at
        yield Moment(at=last, text=f"{counted(len(some), 'ticket')} came in {last:%B %Y}.")


def _links(came: Sequence[Came]) -> Iterator[Moment]:
    """Links that nobody made by hand; those that people made have a note of their own."""
    found = [
        each for each in came if each.origin is not LinkOrigin.manual and each.decided_by is None
    ]
    found.sort(key=lambda each: each.linked_at)
    for _, day in groupby(found, key=lambda each: each.linked_at.date()):
        some = list(day)
        ways = Counter(WAYS.get(each.origin, each.origin.value) for each in some)
        by = ", ".join(f"{count} by {way}" for way, count in sorted(ways.items()))
        yield Moment(at=some[-1].linked_at, text=f"{counted(len(some), 'ticket')} linked: {by}.")


WAYS = {
    LinkOrigin.jira_link: "a Jira link",
    LinkOrigin.problem: "their problem ticket",
    LinkOrigin.field: "a field",
    LinkOrigin.tag: "a tag",
    LinkOrigin.url: "an address",
    LinkOrigin.text: "a key in the text",
    LinkOrigin.matcher: "likeness",
}


def since_fix(db: Session, bug: Bug, row: BoardRow | None, came: Sequence[Came]) -> SinceFix | None:
    """Show what came after a bug's fix; None while it is not fixed."""
    fixed_at = _fixed_at(bug, row)
    if fixed_at is None:
        return None
    released = bug_story.released_at(db, bug.id or 0) if _is_out(row) else None
    late = released + RECURS_AFTER if released else None
    return SinceFix(
        fixed_at=fixed_at,
        released_at=released,
        confirmed=row is not None and row.state == ItemState.confirmed,
        tickets=sum(each.created_at > (released or fixed_at) for each in came),
        still_broken=sum(late is not None and each.created_at >= late for each in came),
    )


def _is_out(row: BoardRow | None) -> bool:
    return row is None or row.state != ItemState.fixed


def _fixed_at(bug: Bug, row: BoardRow | None) -> datetime | None:
    if row is not None:
        return row.resolved_at if row.state in RESOLVED else None
    return bug.closed_at if bug.resolution is Resolution.fixed else None
