"""A database of the size the goals speak of: 10,000 bugs, 100,000 tickets, a sprint, people."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from app.actions import people, rankings
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
from app.db import table_sizes
from app.db.engine import open_engine
from app.db.models import Source, Sprint, Team, User
from app.db.queries import bugs, customers, links, sprints, tickets
from app.db.queries.upsert import columns_of
from app.db.schema import upgrade

NOW = datetime.now(UTC)
BORN = NOW - timedelta(days=400)
BUGS, TICKETS, CUSTOMERS, TEAMS, ITEMS = 10_000, 100_000, 2_000, 12, 400
SLUG = "spring"
STATUSES = (TicketStatus.open, TicketStatus.pending, TicketStatus.solved, TicketStatus.closed)


@contextmanager
def world(*, items: int = ITEMS, tickets: int = TICKETS) -> Iterator[tuple[str, str]]:
    """Yield the address of a filled, ranked SQLite file and an administrator's sign-in token."""
    with TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder) / 'world.db'}"
        engine = open_engine(address)
        upgrade(engine)
        token = fill(engine, items=items, tickets_wanted=tickets)
        engine.dispose()
        yield address, token


def fill(engine: Engine, *, items: int, tickets_wanted: int) -> str:
    """Fill an empty database; returns the token."""
    dice = random.Random(7)
    with Session(engine) as db:
        db.add_all(
            Source(kind=kind, name=kind, added_at=BORN, tried_at=NOW, good_at=NOW)
            for kind in ("zendesk", "github")
        )
        db.add_all(Team(key=f"team-{n}", name=f"Team {n}") for n in range(1, TEAMS + 1))
        db.flush()
        customers.keep_customers(db, [_customer(n, dice) for n in range(1, CUSTOMERS + 1)])
        bugs.keep_bugs(db, [_bug(n, dice) for n in range(1, BUGS + 1)])
        rows = [_ticket(n, dice) for n in range(1, tickets_wanted + 1)]
        tickets.keep_tickets(db, columns_of(rows))
        links.add_links(db, [_link(n, dice) for n in range(1, tickets_wanted + 1)])
        table_sizes.look_again(db)
        db.commit()
        rankings.rerank(db, actor="benchmark", at=NOW)
        _sprint(db, items)
        return _administrator(db)


def _sprint(db: Session, items: int) -> None:
    today = NOW.date()
    sprint = Sprint(
        slug=SLUG,
        name="Spring 2026",
        starts_on=today - timedelta(days=3),
        ends_on=today + timedelta(days=10),
        phase=Phase.run,
        committed_at=NOW,
    )
    db.add(sprint)
    db.flush()
    assert sprint.id is not None
    rows = [
        sprints.item_row(sprint.id, n, Lane.high_profile, NOW, frozen_rank=n, team_id=n % TEAMS + 1)
        for n in range(1, items + 1)
    ]
    sprints.add_items(db, rows)
    db.commit()


def _administrator(db: Session) -> str:
    user = User(
        email="admin@example.com", name="Ada Admin", role=Role.admin, team_id=1, created_at=NOW
    )
    db.add(user)
    db.flush()
    return people.open_sign_in(db, user, at=NOW)


def _customer(number: int, dice: random.Random) -> dict[str, Any]:
    return {
        "source_id": 1,
        "external_id": f"{number}",
        "kind": CustomerKind.organization,
        "name": f"Company {number}",
        "tier": "gold",
        "arr_cents": dice.randrange(1, 500) * 100_000,
        "renewal_on": date(2027, 1, 1),
        "domains": [],
        "deleted": False,
    }


def _bug(number: int, dice: random.Random) -> dict[str, Any]:
    return {
        "source_id": 2,
        "external_id": str(number),
        "key": f"acme/app#{number}",
        "url": f"https://bugs.example.com/acme/app/issues/{number}",
        "title": f"Export {number} hangs when the report is opened again after an update",
        "text": "",
        "status_raw": "open",
        "status_category": StatusCategory.open,
        "severity": dice.choice(("S1", "S2", "S3", "S4", None)),
        "labels": ["bug"],
        "components": ["mail"],
        "assignees": [],
        "visibility": "ok",
        "created_at": BORN,
        "updated_at": BORN,
    }


def _ticket(number: int, dice: random.Random) -> dict[str, Any]:
    status = dice.choice(STATUSES)
    born = BORN + timedelta(minutes=5 * number)
    solved = status in {TicketStatus.solved, TicketStatus.closed}
    return {
        "source_id": 1,
        "external_id": str(number),
        "subject": "Nothing works since the update",
        "text": "When we open the report again it hangs.",
        "status": status,
        "tags": [],
        "customer_id": dice.randint(1, CUSTOMERS),
        "created_at": born,
        "updated_at": born,
        "solved_at": born + timedelta(days=2) if solved else None,
        "stamp": 1,
    }


def _link(number: int, dice: random.Random) -> dict[str, Any]:
    # Squared: few bugs have many tickets, most have a few, as everywhere.
    bug = int(dice.random() ** 2 * BUGS) + 1
    row = links.link_row(number, bug, LinkState.confirmed, LinkOrigin.url, BORN)
    return row | {"importance": dice.choice((1, 1, 1, 2, 3))}
