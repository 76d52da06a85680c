"""Make rows with as few words as the test has reasons."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import count
from typing import Any, TypeVar

from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session

from app.actions import rankings
from app.core.vocabulary import (
    CustomerKind,
    Lane,
    LinkOrigin,
    LinkState,
    Phase,
    Role,
    StatusCategory,
    TicketStatus,
)
from app.db.models import Area, Bug, Customer, Link, Source, Sprint, SprintItem, Team, Ticket, User

Row = TypeVar("Row")
_number = count(1)
DAWN = datetime(2026, 1, 5, 9, tzinfo=UTC)


@contextmanager
def together(db: Session) -> Iterator[None]:
    """Save all that is made meanwhile in one transaction, and read it only when somebody asks."""
    db.info["together"] = True
    try:
        yield
        db.commit()
    finally:
        del db.info["together"]


def source(db: Session, kind: str = "zendesk", **more: Any) -> Source:
    row = Source(kind=kind, name=more.pop("name", f"{kind}-{next(_number)}"), added_at=DAWN)
    return _saved(db, row, more)


def team(db: Session, name: str = "Payments", **more: Any) -> Team:
    return _saved(db, Team(key=name.lower(), name=name, capacity_days=20), more)


def area(db: Session, key: str = "mail", **more: Any) -> Area:
    return _saved(db, Area(key=key, name=key.title()), more)


def customer(db: Session, name: str = "Acme", **more: Any) -> Customer:
    row = Customer(
        source_id=_source_id(db, more, "zendesk"),
        external_id=f"C{next(_number)}",
        kind=CustomerKind.organization,
        name=name,
    )
    return _saved(db, row, more)


def bug(db: Session, title: str = "Export hangs", **more: Any) -> Bug:
    number = next(_number)
    row = Bug(
        source_id=_source_id(db, more, "github"),
        external_id=str(number),
        key=f"acme/app#{number}",
        title=title,
        status_raw="open",
        status_category=StatusCategory.open,
        created_at=DAWN,
        updated_at=DAWN,
    )
    return _saved(db, row, more)


def ticket(db: Session, on: Bug | None = None, **more: Any) -> Ticket:
    """A ticket of its own customer unless one is given; `on` confirms a link to a bug."""
    importance = more.pop("importance", 1)
    state = more.pop("state", LinkState.confirmed)
    if "customer_id" not in more:
        more["customer_id"] = customer(db).id
    row = Ticket(
        source_id=_source_id(db, more, "zendesk"),
        external_id=str(next(_number)),
        subject="It does not work",
        status=TicketStatus.open,
        created_at=DAWN,
        updated_at=DAWN,
    )
    made = _saved(db, row, more)
    if on is not None:
        link(db, made, on, importance=importance, state=state)
    return made


def link(db: Session, ticket: Ticket, bug: Bug, **more: Any) -> Link:
    row = Link(
        ticket_id=ticket.id or 0,
        bug_id=bug.id or 0,
        state=LinkState.confirmed,
        origin=LinkOrigin.manual,
        made_at=DAWN,
    )
    return _saved(db, row, more)


def sprint(db: Session, *bugs: Bug, phase: Phase = Phase.run, **more: Any) -> Sprint:
    """A sprint of two weeks from dawn on, with these bugs in it."""
    row = Sprint(
        slug=f"spring-{next(_number)}",
        name="Spring",
        starts_on=date(2026, 1, 5),
        ends_on=date(2026, 1, 18),
        phase=phase,
    )
    made = _saved(db, row, more)
    for place, each in enumerate(bugs, start=1):
        item(db, made, each, frozen_rank=place)
    return made


def item(db: Session, sprint: Sprint, bug: Bug, **more: Any) -> SprintItem:
    row = SprintItem(
        sprint_id=sprint.id or 0, bug_id=bug.id or 0, lane=Lane.high_profile, added_at=DAWN
    )
    return _saved(db, row, more)


def user(db: Session, role: Role = Role.engineer, **more: Any) -> User:
    row = User(
        email=f"user{next(_number)}@example.com", name="Ann Engineer", role=role, created_at=DAWN
    )
    return _saved(db, row, more)


def ranked(db: Session, at: datetime = DAWN) -> None:
    """Compute every score."""
    rankings.rerank(db, actor="test", at=at)


def _source_id(db: Session, more: dict[str, Any], kind: str) -> int:
    given = more.pop("source_id", None)
    if given is not None:
        return int(given)
    known = db.info.setdefault("sources", {})
    if kind not in known:
        known[kind] = source(db, kind).id
    return int(known[kind])


def _saved(db: Session, row: Row, more: dict[str, Any]) -> Row:
    for name, value in more.items():
        setattr(row, name, value)
    db.add(row)
    db.flush()
    if "together" in db.info:
        return row
    held = {name: value for name, value in vars(row).items() if not name.startswith("_")}
    db.commit()
    # As it was stored, without asking for it: most of what tests do is to make rows.
    for name, value in held.items():
        set_committed_value(row, name, value)
    return row
