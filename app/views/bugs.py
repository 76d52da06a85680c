"""One bug: why it ranks where it does, whom it hurts, and what happened to it."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel
from sqlmodel import Session

from app.core.bands import effort_of, needs_of
from app.core.errors import NotFound
from app.core.vocabulary import (
    Discipline,
    Effort,
    LinkOrigin,
    LinkState,
    Resolution,
    StatusCategory,
    Visibility,
)
from app.db.models import Bug
from app.db.queries import activity, bug_story, bugs, estimates, links, sprints, tickets
from app.db.queries.lines import current_line, lines_of
from app.views.areas import BugArea, area_of_bug
from app.views.bug_story import Moment, SinceFix, since_fix, timeline
from app.views.models import BoardRow, NoteLine, TeamChoice, TicketRow
from app.views.outbox import Told, told
from app.views.places import live_places
from app.views.rows import board_rows, note_lines, team_choices, ticket_row
from app.views.shell import SprintHead, head
from app.views.why import Eyes, Why, why


class LinkedTicket(BaseModel):
    """A ticket about this bug, and how sure that is."""

    link_id: int
    state: LinkState
    origin: LinkOrigin
    importance: int
    ticket: TicketRow


class Twin(BaseModel):
    """A bug that was merged into this one."""

    id: int
    key: str
    title: str
    by: str


class SizeOf(BaseModel):
    """What a fix takes: the effort that counts, what a person said, and who is needed for it."""

    counts: Effort | None
    said: Effort | None
    by: str | None
    needs: list[Discipline]
    labelled: list[Discipline]


class BugPage(BugArea):
    """Everything about one bug.  `row` is None when it is in no sprint under way.

    `owner` and `team` are those who claimed it.
    """

    id: int
    source: str
    external_id: str
    key: str
    url: str | None
    title: str
    text: str
    status_raw: str
    status_category: StatusCategory
    resolution: Resolution | None
    visibility: Visibility
    labels: list[str]
    components: list[str]
    assignees: list[str]
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    owner: str | None
    team: str | None
    rank: int | None
    row: BoardRow | None
    sprint: SprintHead | None
    why: Why | None
    size: SizeOf
    suggested: int
    tickets: list[LinkedTicket]
    more_tickets: int
    twins: list[Twin]
    stands_for: Twin | None
    notes: list[NoteLine]
    timeline: list[Moment]
    since_fix: SinceFix | None
    names: list[str]
    teams: list[TeamChoice]
    told: Told


SHOWN_TICKETS = 50


def bug_page(db: Session, bug_id: int, *, eyes: Eyes, at: datetime) -> BugPage:
    """Show one bug."""
    bug = bugs.bug(db, bug_id)
    if bug is None:
        raise NotFound(f"There is no bug {bug_id}.")
    root = bug.duplicate_of_id or bug_id
    group = bugs.group_of(db, root)
    found = _linked(db, group, eyes) if eyes.tickets else []
    current = sprints.current_sprint(db)
    row = one_row(db, bug_id, at=at)
    source = bugs.source_names(db)[bug.source_id]
    notes = note_lines(activity.recent(db, bug_id=bug_id, limit=40))
    came = bug_story.tickets_that_came(db, group)
    return BugPage(
        **{name: getattr(bug, name) for name in COPIED},
        id=bug_id,
        source=source,
        **area_of_bug(db, bug).model_dump(),
        owner=row.owner if row else None,
        team=row.team if row else None,
        rank=live_places(db).get(bug_id),
        row=row,
        sprint=head(current, today=at.date()) if current and row else None,
        why=why(db, root, eyes=eyes),
        size=_size(db, bug),
        suggested=links.suggested_of(db, group),
        tickets=found[:SHOWN_TICKETS],
        more_tickets=max(0, tickets.count_of_bug(db, group) - SHOWN_TICKETS),
        twins=_twins(db, [each for each in group if each != bug_id]) if root == bug_id else [],
        stands_for=next(iter(_twins(db, [root])), None) if root != bug_id else None,
        notes=notes,
        timeline=timeline(bug, source, came, notes),
        since_fix=since_fix(db, bug, row, came),
        names=_former_names(db, bug),
        teams=team_choices(db),
        told=told(db, root),
    )


def _former_names(db: Session, bug: Bug) -> list[str]:
    """Other keys under which old tickets may name it; addresses and bare ids say no more."""
    names = bugs.names_of(db, [bug.id or 0])[bug.id or 0]
    return sorted({n for n in names if "://" not in n and ":" not in n} - {bug.key.casefold()})


def _size(db: Session, bug: Bug) -> SizeOf:
    said = estimates.estimate_of(db, bug.id or 0)
    effort = said.effort if said else None
    return SizeOf(
        counts=effort or effort_of(bug.labels),
        said=effort,
        by=said.by if said else None,
        needs=[Discipline(craft) for craft in said.needs] if said else [],
        labelled=list(needs_of(bug.labels)),
    )


COPIED = (
    "external_id",
    "key",
    "url",
    "title",
    "text",
    "status_raw",
    "status_category",
    "resolution",
    "visibility",
    "labels",
    "components",
    "assignees",
    "created_at",
    "updated_at",
    "closed_at",
)


def one_row(db: Session, bug_id: int, *, at: datetime) -> BoardRow | None:
    """Show a bug's row of the board people look at; None when it is not on it."""
    line = current_line(db, bug_id)
    return board_rows(db, [line], at=at)[0] if line else None


def rows_of_bugs(
    db: Session, sprint_id: int, bug_ids: Sequence[int], *, at: datetime
) -> list[BoardRow]:
    """Show some bugs' rows of a board, in its order."""
    return board_rows(db, lines_of(db, sprint_id, bug_ids), at=at)


def _linked(db: Session, group: Sequence[int], eyes: Eyes) -> list[LinkedTicket]:
    found = tickets.tickets_of_bug(db, group, limit=SHOWN_TICKETS)
    names = bugs.source_names(db)
    return [
        LinkedTicket(
            link_id=link.id or 0,
            state=link.state,
            origin=link.origin,
            importance=link.importance,
            ticket=ticket_row(ticket, who, [], source=names[ticket.source_id], text=eyes.text),
        )
        for link, ticket, who in found
    ]


def _twins(db: Session, ids: Sequence[int]) -> list[Twin]:
    merged = {merge.bug_id: merge.by for merge in bugs.merges(db)}
    return [
        Twin(id=number, key=bug.key, title=bug.title, by=merged.get(number, ""))
        for number, bug in bugs.bugs_by_id(db, ids).items()
    ]
