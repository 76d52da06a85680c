"""Links between tickets and bugs: made from mentions, or by hand."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, func, literal, update
from sqlalchemy import select as rows_of
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.core.vocabulary import EXPLICIT, LinkOrigin, LinkState
from app.db.models import Bug, BugName, Link, Mention, Ticket
from app.db.queries.upsert import chunks, insert_missing

Named = tuple[int, str, str | None]
NAMED_ON_TICKET = (LinkOrigin.field, LinkOrigin.tag)


def keep_mentions(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Add what tickets say about bugs; a mention that is there stays."""
    insert_missing(db, Mention, rows, keys=("ticket_id", "name", "origin"))


def mentions_on_tickets(db: Session, ticket_ids: Sequence[int]) -> set[tuple[int, str, LinkOrigin]]:
    """Return the stored mentions that fields and tags of these tickets made."""
    found: set[tuple[int, str, LinkOrigin]] = set()
    for some in chunks(ticket_ids):
        rows = select(Mention.ticket_id, Mention.name, Mention.origin).where(
            col(Mention.ticket_id).in_(some), col(Mention.origin).in_(NAMED_ON_TICKET)
        )
        found |= {(ticket, name, LinkOrigin(origin)) for ticket, name, origin in db.exec(rows)}
    return found


def drop_mentions(db: Session, gone: Iterable[tuple[int, str, LinkOrigin]]) -> None:
    """Forget mentions whose tag or field value was taken away."""
    for ticket_id, name, origin in gone:
        db.exec(
            delete(Mention).where(
                col(Mention.ticket_id) == ticket_id,
                col(Mention.name) == name,
                col(Mention.origin) == origin,
            )
        )


def named_pairs(
    db: Session, *, ticket_ids: Sequence[int] = (), bug_ids: Sequence[int] = ()
) -> list[tuple[int, int, LinkOrigin, bool]]:
    """Return (ticket, bug, origin, only bug of that name) where a mention meets a bug's name."""
    found: list[tuple[int, int, LinkOrigin, bool]] = []
    for by_ticket, ids in ((True, ticket_ids), (False, bug_ids)):
        for some in chunks(ids):
            rows = db.connection().execute(_named(by_ticket=by_ticket), {"ids": some}).all()
            found += [(t, b, LinkOrigin(o), n == 1) for t, b, o, n in rows]
    return found


@cache
def _named(*, by_ticket: bool) -> Any:
    bearers = aliased(BugName)
    count = (
        select(func.count(col(bearers.bug_id)))
        .where(col(bearers.name) == col(Mention.name))
        .scalar_subquery()
    )
    column = col(Mention.ticket_id if by_ticket else BugName.bug_id)
    return (
        select(Mention.ticket_id, BugName.bug_id, Mention.origin, count)
        .join(BugName, col(BugName.name) == col(Mention.name))
        .where(column.in_(bindparam("ids", expanding=True)))
    )


def add_links(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Add links that are not there yet; a person's verdict is never overwritten."""
    insert_missing(db, Link, rows, keys=("ticket_id", "bug_id"))


def confirm_suggested(db: Session, pairs: Sequence[tuple[int, int, LinkOrigin]]) -> None:
    """Confirm links that were only suggested until an explicit mention was found."""
    for ticket_id, bug_id, origin in pairs:
        db.exec(
            update(Link)
            .where(
                col(Link.ticket_id) == ticket_id,
                col(Link.bug_id) == bug_id,
                col(Link.state) == LinkState.suggested,
                col(Link.decided_by).is_(None),
            )
            .values(state=LinkState.confirmed, origin=origin)
        )


def known_links(db: Session, ticket_ids: Collection[int]) -> dict[tuple[int, int], LinkState]:
    """Return the links that these tickets have, with their states."""
    found: dict[tuple[int, int], LinkState] = {}
    for some in chunks(sorted(ticket_ids)):
        rows = select(Link.ticket_id, Link.bug_id, Link.state).where(col(Link.ticket_id).in_(some))
        found |= {(ticket, bug): LinkState(state) for ticket, bug, state in db.exec(rows)}
    return found


def drop_unnamed(db: Session, ticket_ids: Sequence[int]) -> list[int]:
    """Remove links that a field or tag made and nothing names on purpose any more.

    Returns their bugs.  What is still named in passing can be suggested anew.
    """
    named = (
        select(literal(1))
        .select_from(Mention)
        .join(BugName, col(BugName.name) == col(Mention.name))
        .where(
            col(Mention.ticket_id) == col(Link.ticket_id),
            col(BugName.bug_id) == col(Link.bug_id),
            col(Mention.origin).in_(EXPLICIT),
        )
        .exists()
    )
    return _drop(db, [
        col(Link.ticket_id).in_(ticket_ids),
        col(Link.origin).in_(NAMED_ON_TICKET),
        ~named,
    ])  # fmt: skip


def _drop(db: Session, conditions: list[Any], given: Mapping[str, Any] | None = None) -> list[int]:
    undecided = [*conditions, col(Link.decided_by).is_(None)]
    named = select(Link.bug_id).where(*undecided).distinct()
    bugs = list(db.connection().scalars(named, given))
    if bugs:
        db.connection().execute(delete(Link).where(*undecided), given)
    return bugs


def confirmed() -> Any:
    """The condition of links that count."""
    return col(Link.state) == LinkState.confirmed


def follow_problems(
    db: Session, *, at: datetime, problems: Sequence[int] | None = None
) -> list[int]:
    """Give incidents the confirmed bugs of their problem tickets; return the bugs touched.

    With `problems`, only for incidents of these tickets, whose links have just changed.
    """
    given = {} if problems is None else {"problems": list(problems)}
    if problems is not None and not db.connection().scalars(_any_incident(), given).first():
        return []
    orphans, incidents = _problem_statements(some=problems is not None)
    rows = db.connection().execute(incidents, given)
    links = [link_row(t, b, LinkState.confirmed, LinkOrigin.problem, at) for t, b in rows]
    add_links(db, links)
    return sorted({row["bug_id"] for row in links} | set(_drop(db, orphans, given)))


@cache
def _any_incident() -> Any:
    incident, problem = aliased(Ticket), aliased(Ticket)
    among: Any = bindparam("problems", expanding=True)
    found = select(incident.id).join(problem, _its_problem(incident, problem))
    return found.where(col(problem.id).in_(among)).limit(1)


def _its_problem(incident: type[Ticket], problem: type[Ticket]) -> Any:
    return (col(problem.source_id) == col(incident.source_id)) & (
        col(problem.external_id) == col(incident.problem_external_id)
    )


@cache
def _problem_statements(*, some: bool) -> tuple[list[Any], Any]:
    """Conditions of links whose problem no longer has them, and a select of those to be added.

    Made once: to build them takes longer than to run them.
    """
    incident, problem, own = aliased(Ticket), aliased(Ticket), aliased(Link)
    its_problem = _its_problem(incident, problem)
    among = [col(problem.id).in_(bindparam("problems", expanding=True))] if some else []
    there = (
        select(literal(1))
        .where(col(own.ticket_id) == col(incident.id), col(own.bug_id) == col(Link.bug_id))
        .exists()
    )
    missing = (
        select(incident.id, Link.bug_id)
        .join(problem, its_problem)
        .join(Link, col(Link.ticket_id) == col(problem.id))
        .where(confirmed(), ~there, *among)
        .distinct()
    )
    of_these = select(incident.id).join(problem, its_problem).where(*among)
    only = [col(Link.ticket_id).in_(of_these)] if some else []
    still = _still_followed(incident, problem, its_problem)
    return [col(Link.origin) == LinkOrigin.problem, ~still, *only], missing


def _still_followed(incident: type[Ticket], problem: type[Ticket], its_problem: Any) -> Any:
    theirs = aliased(Link)
    return (
        select(literal(1))
        .select_from(incident)
        .join(problem, its_problem)
        .join(theirs, col(theirs.ticket_id) == col(problem.id))
        .where(
            col(incident.id) == col(Link.ticket_id),
            col(theirs.bug_id) == col(Link.bug_id),
            theirs.state == LinkState.confirmed,
        )
        .exists()
    )


def link_row(
    ticket_id: int, bug_id: int, state: LinkState, origin: LinkOrigin, at: datetime
) -> dict[str, Any]:
    """Return the columns of a link that nobody has judged yet."""
    return {
        "ticket_id": ticket_id,
        "bug_id": bug_id,
        "state": state,
        "origin": origin,
        "importance": 1,
        "decided_by": None,
        "made_at": at,
    }


def link(db: Session, link_id: int) -> Link | None:
    """Return one link."""
    return db.get(Link, link_id)


def held(db: Session, ids: Sequence[int]) -> dict[int, Link]:
    """Return links by id; nobody else changes them until we commit."""
    found: dict[int, Link] = {}
    for some in chunks(sorted(ids)):
        theirs = select(Link).where(col(Link.id).in_(some)).order_by(col(Link.id))
        found |= {each.id: each for each in db.exec(theirs.with_for_update()) if each.id}
    return found


def stands(db: Session, ids: Sequence[int]) -> dict[int, list[Any]]:
    """Return state, importance and who decided, of links by id."""
    found: dict[int, list[Any]] = {}
    for some in chunks(ids):
        theirs = select(Link.id, Link.state, Link.importance, Link.decided_by)
        for number, state, weight, who in db.exec(theirs.where(col(Link.id).in_(some))):
            found[number or 0] = [LinkState(state).value, weight, who]
    return found


def links_between(db: Session, ticket_ids: Sequence[int], bug_id: int) -> dict[int, Link]:
    """Return the links of these tickets with a bug by ticket, in whatever state."""
    found: dict[int, Link] = {}
    for some in chunks(ticket_ids):
        rows = select(Link).where(col(Link.ticket_id).in_(some), Link.bug_id == bug_id)
        found |= {link.ticket_id: link for link in db.exec(rows)}
    return found


def suggested_of(db: Session, bug_ids: Sequence[int]) -> int:
    """Count the suggested links of a bug group, which count for nothing yet."""
    waiting = select(func.count(col(Link.id))).where(
        col(Link.bug_id).in_(bug_ids), Link.state == LinkState.suggested
    )
    return db.exec(waiting).one()


def page_of_links(db: Session, *, after: int, limit: int) -> Sequence[tuple[Link, Named, Named]]:
    """Return links by id, with how ticket and bug are named: source id, external id, address."""
    names = [
        col(of) for kind in (Ticket, Bug) for of in (kind.source_id, kind.external_id, kind.url)
    ]
    newer = (
        rows_of(Link, *names)
        .join(Ticket, col(Ticket.id) == col(Link.ticket_id))
        .join(Bug, col(Bug.id) == col(Link.bug_id))
        .where(col(Link.id) > after)
        .order_by(col(Link.id))
        .limit(limit)
    )
    return [(row[0], tuple(row[1:4]), tuple(row[4:7])) for row in db.execute(newer)]
