"""What is asked at every click must not walk through every link."""

import shutil

import pytest
from sqlalchemy import event
from sqlmodel import Session

from app.actions import scores
from app.db.engine import open_engine
from app.db.queries import links, progress
from tests import make

EVERY_LINK = ("SCAN link", "USING INDEX ix_link_state")


@pytest.fixture
def engine(empty_sqlite, tmp_path):
    """SQLite, whose plans can be read in words."""
    made = open_engine(f"sqlite:///{shutil.copy(empty_sqlite, tmp_path / 'plans.db')}")
    yield made
    made.dispose()


@pytest.fixture
def plans(engine):
    """The plan of every select."""
    found = []

    def explain(connection, _cursor, statement, parameters, _context, _many):
        if statement.startswith("SELECT"):
            rows = connection.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            found.extend(row[3] for row in rows)

    event.listen(engine, "before_cursor_execute", explain)
    return found


@pytest.mark.parametrize(
    "ask",
    [
        lambda db: links.follow_problems(db, at=make.DAWN, problems=[1]),
        lambda db: scores.rescore(db, [1], at=make.DAWN),
        lambda db: progress.tickets_resolved(db, 1, make.DAWN, make.DAWN),
        lambda db: progress.reach(db, 1),
    ],
    ids=["incidents", "scores", "tickets resolved", "reach"],
)
def test_no_click_walks_through_every_link(engine, plans, ask):
    with Session(engine) as db:
        make.ticket(db, on=make.bug(db))
        make.ranked(db)
        plans.clear()
        ask(db)
    assert plans
    assert not [line for line in plans if any(bad in line for bad in EVERY_LINK)]
