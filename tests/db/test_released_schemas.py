"""Whatever a former release left comes up to the newest schema, with every row it had."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import Session, SQLModel, select

from app.actions import claims
from app.actions.vault import Vault
from app.core import chain
from app.db import models, schema, upgrading
from app.db.backup import verify
from app.db.engine import open_engine
from app.db.models import Activity, Source, Ticket
from tests.contents import counts
from tests.fresh import RELEASED, fresh_database, lay

assert models  # imported so that every table is known
KEY = "a key for tests only, 32 letters"
AT = datetime(2026, 1, 7, 9, tzinfo=UTC)


@pytest.fixture(params=RELEASED)
def released(request, database_url, tmp_path):
    """An engine on a database as this release left it, and the release's schema."""
    with fresh_database(database_url, tmp_path) as url:
        lay(url, request.param)
        engine = open_engine(url)
        yield engine, request.param
        engine.dispose()


def test_a_released_schema_comes_up_with_every_row(released):
    engine, revision = released
    before = counts(engine)
    assert schema.current(engine) == revision
    upgrading.migrate(engine)
    assert schema.current(engine) == schema.newest()
    after = counts(engine)
    assert sum(before.values()) > 50
    assert {name: after[name] for name in before} == before
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_the_notes_of_a_released_schema_are_sealed(released):
    engine, _ = released
    written = counts(engine)["activity"]
    upgrading.migrate(engine)
    with Session(engine) as db:
        notes = [row.model_dump() for row in db.exec(select(Activity).order_by(Activity.id))]
    found = chain.verify(notes)
    assert (found.notes, found.broken_at) == (written, None)
    assert len({note["salt"] for note in notes}) == written
    notes[3]["actor"] = "Somebody else"
    assert chain.verify(notes).broken_at == notes[3]["id"]


def test_work_goes_on_after_the_upgrade(released):
    engine, _ = released
    upgrading.migrate(engine)
    with Session(engine) as db:
        assert claims.claim(db, 2, team_id=1, actor="Ana Admin", at=AT).team_id == 1
        support = db.exec(select(Source).where(Source.name == "support")).one()
        assert Vault(KEY).open(support.secrets) == {"api_token": "token-for-tests"}
        texts = set(db.exec(select(Ticket.text)))
    assert "It's broken;\nsecond line -- with 'quotes' and \\ backslash" in texts


def test_the_copy_made_before_the_upgrade_is_whole(released):
    engine, revision = released
    if engine.dialect.name != "sqlite":
        return  # PostgreSQL is copied by whoever decides to migrate it
    before = sum(counts(engine).values()) - 1
    told = upgrading.migrate(engine)
    assert told is not None
    [copy] = Path(engine.url.database).parent.glob("*.bak")
    assert copy.name in told
    found = verify(copy)
    assert (found.revision, found.rows) == (revision, before)
