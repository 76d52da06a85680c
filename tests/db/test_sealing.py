"""Notes are sealed in order, and the database itself keeps them as they were written."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from app.core import chain
from app.db.models import Activity
from app.db.queries import activity

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def write(engine, number):
    with Session(engine) as db:
        activity.note(db, at=AT, actor=f"Ana {number}", verb="claimed", detail="Payments")
        db.commit()


def walk(engine, *, start=""):
    with Session(engine) as db:
        rows = db.exec(select(Activity).order_by(Activity.id)).all()
        return chain.verify([row.model_dump() for row in rows], start=start)


def test_a_note_says_nothing_that_it_was_not_told(db, engine):
    write(engine, 1)
    note = db.exec(select(Activity)).one()
    told = {"id", "at", "actor", "verb", "detail", "salt", "digest", "seal"}
    unsaid = note.model_dump(exclude=told)
    assert unsaid.pop("bugs") == []
    assert unsaid.pop("erased") is False
    assert set(unsaid.values()) == {None}


def test_notes_written_at_once_form_one_chain(engine):
    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(lambda number: write(engine, number), range(40)))
    found = walk(engine)
    assert (found.notes, found.broken_at) == (40, None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE activity SET actor = 'Bo'",
        "UPDATE activity SET seal = '', erased = true",
        "DELETE FROM activity WHERE id = 1",
    ],
)
def test_the_database_refuses_to_change_or_drop_a_note(engine, statement):
    write(engine, 1)
    with pytest.raises(DBAPIError, match="kept as they were written"), engine.begin() as connection:
        connection.execute(text(statement))
    assert walk(engine).notes == 1


def test_somebody_can_be_erased_from_a_note(engine):
    write(engine, 1)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE activity SET actor = '[erased]', salt = '', erased = true WHERE id = 1")
        )
    found = walk(engine)
    assert (found.erased, found.broken_at) == (1, None)


def test_old_notes_can_be_pruned_behind_an_anchor(engine):
    for number in range(3):
        write(engine, number)
    with Session(engine) as db:
        last = db.exec(select(Activity.seal).where(Activity.id == 2)).one()
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO audit_anchor (id, pruned_through, seal) VALUES (1, 2, :seal)"),
            {"seal": last},
        )
        connection.execute(text("DELETE FROM activity WHERE id <= 2"))
    found = walk(engine, start=last)
    assert (found.notes, found.broken_at) == (1, None)
