"""Every noun in a fixed order, a row at a time, for files that other programs read.

Text is ordered by its code points on both databases, so that the same state gives the same file.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, func
from sqlalchemy import select as rows_of
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.db.models import (
    Activity,
    Area,
    Bug,
    BugName,
    Customer,
    DeadLetter,
    Link,
    Member,
    Outgoing,
    RankingSnapshot,
    Source,
    Sprint,
    SprintItem,
    Team,
    Ticket,
)
from app.db.queries.upsert import chunks, table_of

STREAMED = {"yield_per": 1000}
Row = Sequence[Any]


def source_names(db: Session) -> list[tuple[int, str]]:
    """Return every source's id and name, by name."""
    found = db.connection().execute(rows_of(col(Source.id), col(Source.name)))
    return sorted(((number or 0, name) for number, name in found), key=lambda pair: pair[1])


def is_demo(db: Session) -> bool:
    """Say whether the data were made up for the demo."""
    found = db.connection().execute(rows_of(col(Sprint.id)).where(col(Sprint.demo)).limit(1))
    return found.first() is not None


def tickets(db: Session, source_id: int) -> Iterator[Row]:
    """Stream a source's tickets, each with its customer's external id and kind."""
    return _stream(
        db,
        rows_of(
            col(Ticket.external_id),
            col(Ticket.url),
            col(Ticket.subject),
            col(Ticket.status),
            col(Ticket.priority),
            col(Ticket.type),
            col(Ticket.tags),
            col(Ticket.own_tags),
            col(Customer.external_id),
            col(Customer.kind),
            col(Ticket.problem_external_id),
            col(Ticket.created_at),
            col(Ticket.updated_at),
            col(Ticket.solved_at),
            col(Ticket.reopens),
            col(Ticket.csat),
        )
        .outerjoin(Customer, col(Customer.id) == col(Ticket.customer_id))
        .where(col(Ticket.source_id) == source_id)
        .order_by(_text(db, Ticket.external_id)),
    )


def bugs(db: Session, source_id: int, columns: Sequence[str]) -> Iterator[Sequence[Row]]:
    """Stream a source's bugs in batches: our id, the bug it duplicates, area, then `columns`."""
    root, bug = aliased(Bug), table_of(Bug).c
    wanted = [col(Bug.id), col(root.external_id), col(Area.key)]
    found = (
        rows_of(*wanted, *(bug[name] for name in columns))
        .outerjoin(root, col(root.id) == col(Bug.duplicate_of_id))
        .outerjoin(Area, col(Area.id) == col(Bug.area_id))
        .where(col(Bug.source_id) == source_id)
        .order_by(_text(db, Bug.external_id))
    )
    yield from db.connection().execute(found, execution_options=STREAMED).partitions()


def names_of_bugs(db: Session, bug_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return every name these bugs ever had."""
    found: dict[int, list[str]] = {}
    for some in chunks(bug_ids):
        known = rows_of(col(BugName.bug_id), col(BugName.name)).where(col(BugName.bug_id).in_(some))
        for bug_id, name in db.connection().execute(known):
            found.setdefault(bug_id, []).append(name)
    return found


def customers(db: Session, source_id: int) -> Iterator[Row]:
    """Stream a source's customers."""
    return _stream(
        db,
        rows_of(
            col(Customer.external_id),
            col(Customer.kind),
            col(Customer.name),
            col(Customer.tier),
            col(Customer.arr_cents),
            col(Customer.renewal_on),
            col(Customer.domains),
            col(Customer.deleted),
        )
        .where(col(Customer.source_id) == source_id)
        .order_by(_text(db, Customer.external_id)),
    )


def links(db: Session, source_id: int) -> Iterator[Row]:
    """Stream the links of a source's tickets."""
    tracker = aliased(Source)
    order = (Ticket.external_id, Bug.external_id, tracker.name)
    return _stream(
        db,
        rows_of(
            col(Ticket.external_id),
            col(tracker.name),
            col(Bug.external_id),
            col(Bug.key),
            col(Link.state),
            col(Link.origin),
            col(Link.importance),
            col(Link.decided_by),
            col(Link.made_at),
        )
        .select_from(Link)
        .join(Ticket, col(Ticket.id) == col(Link.ticket_id))
        .join(Bug, col(Bug.id) == col(Link.bug_id))
        .join(tracker, col(tracker.id) == col(Bug.source_id))
        .where(col(Ticket.source_id) == source_id)
        .order_by(*(_text(db, column) for column in order)),
    )


def teams(db: Session) -> list[Team]:
    """Return every team by key."""
    return list(db.scalars(rows_of(Team).order_by(_text(db, Team.key))))


def members(db: Session) -> list[Member]:
    """Return every member by name."""
    return list(db.scalars(rows_of(Member).order_by(_text(db, Member.name), col(Member.id))))


def areas(db: Session) -> list[Area]:
    """Return every area by key."""
    return list(db.scalars(rows_of(Area).order_by(_text(db, Area.key))))


def sprints(db: Session) -> list[tuple[Sprint, str | None]]:
    """Return every sprint by its address word, with the hash of the list it froze."""
    found = (
        rows_of(Sprint, col(RankingSnapshot.data_hash))
        .outerjoin(RankingSnapshot, col(RankingSnapshot.id) == col(Sprint.snapshot_id))
        .order_by(_text(db, Sprint.slug))
    )
    return [(sprint, data_hash) for sprint, data_hash in db.execute(found)]


def items(db: Session, sprint_id: int) -> list[tuple[SprintItem, str, str, str | None]]:
    """Return what is in a sprint: item, the bug's source and external id, the team's key."""
    found = (
        rows_of(SprintItem, col(Source.name), col(Bug.external_id), col(Team.key))
        .join(Bug, col(Bug.id) == col(SprintItem.bug_id))
        .join(Source, col(Source.id) == col(Bug.source_id))
        .outerjoin(Team, col(Team.id) == col(SprintItem.team_id))
        .where(col(SprintItem.sprint_id) == sprint_id)
        .order_by(_text(db, Source.name), _text(db, Bug.external_id))
    )
    return [(item, source, bug, team) for item, source, bug, team in db.execute(found)]


def activity(db: Session) -> Iterator[Row]:
    """Stream the activity log, oldest first, with the names of what each note is about."""
    tracker = aliased(Source)
    return _stream(
        db,
        rows_of(
            col(Activity.id),
            col(Activity.at),
            col(Activity.actor),
            col(Activity.verb),
            col(Sprint.slug),
            col(tracker.name),
            col(Bug.external_id),
            col(Ticket.external_id),
            col(Team.key),
            col(Source.name),
            col(Activity.detail),
        )
        .outerjoin(Sprint, col(Sprint.id) == col(Activity.sprint_id))
        .outerjoin(Bug, col(Bug.id) == col(Activity.bug_id))
        .outerjoin(tracker, col(tracker.id) == col(Bug.source_id))
        .outerjoin(Ticket, col(Ticket.id) == col(Activity.ticket_id))
        .outerjoin(Team, col(Team.id) == col(Activity.team_id))
        .outerjoin(Source, col(Source.id) == col(Activity.source_id))
        .order_by(col(Activity.id)),
    )


def outgoing(db: Session, source_id: int, columns: Sequence[str]) -> Iterator[Row]:
    """Stream what was written to a source's people: the bug's names, customer, ticket, `columns`.

    Ordered by what each is about, and by its reference, which is unique.
    """
    tracker, letter = aliased(Source), table_of(Outgoing).c
    named = (tracker.name, Bug.external_id, Customer.external_id, Ticket.external_id)
    order = (Bug.external_id, tracker.name, func.coalesce(Ticket.external_id, ""), Outgoing.marker)
    return _stream(
        db,
        rows_of(*map(col, named), *(letter[name] for name in columns))
        .join(Bug, col(Bug.id) == col(Outgoing.bug_id))
        .join(tracker, col(tracker.id) == col(Bug.source_id))
        .outerjoin(Customer, col(Customer.id) == col(Outgoing.customer_id))
        .outerjoin(Ticket, col(Ticket.id) == col(Outgoing.ticket_id))
        .where(col(Outgoing.source_id) == source_id)
        .order_by(*(_text(db, column) for column in order)),
    )


def dead_letters(db: Session, source_id: int) -> Iterator[Row]:
    """Stream a source's records that could not be read."""
    external = func.coalesce(col(DeadLetter.external_id), "")
    return _stream(
        db,
        rows_of(
            col(DeadLetter.external_id),
            col(DeadLetter.stream),
            col(DeadLetter.reason),
            col(DeadLetter.payload_hash),
            col(DeadLetter.at),
        )
        .where(col(DeadLetter.source_id) == source_id)
        .order_by(_text(db, external), _text(db, DeadLetter.stream), col(DeadLetter.payload_hash)),
    )


def _stream(db: Session, statement: "Select[*tuple[Any, ...]]") -> Iterator[Row]:
    yield from db.connection().execute(statement, execution_options=STREAMED)


def _text(db: Session, column: Any) -> Any:
    if db.get_bind().dialect.name == "postgresql":
        return column.collate("C")
    return column
