"""The schema can be made, unmade and made again on both databases, and is what the models say."""

from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, make_url, text
from sqlmodel import SQLModel

from app.core.errors import Invalid
from app.db import models, schema
from app.db.engine import open_engine
from tests.house.tree import ROOT

assert models  # imported so that every table is known


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request, tmp_path):
    """An engine on a database of its own, without any table."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path / 'fresh.db'}")
        yield engine
        engine.dispose()
        return
    url = make_url(request.getfixturevalue("postgres_url"))
    name = f"house_{uuid4().hex[:12]}"
    outer = open_engine(url.render_as_string(hide_password=False))
    _outside_a_transaction(outer, f"CREATE DATABASE {name}")
    engine = open_engine(url.set(database=name).render_as_string(hide_password=False))
    yield engine
    engine.dispose()
    _outside_a_transaction(outer, f"DROP DATABASE {name} WITH (FORCE)")
    outer.dispose()


def _outside_a_transaction(engine, statement):
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))


def tables(engine):
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_the_schema_goes_up_down_and_up_again(fresh):
    schema.upgrade(fresh)
    assert tables(fresh) == set(SQLModel.metadata.tables)
    schema.downgrade(fresh, "base")
    assert tables(fresh) == set()
    schema.upgrade(fresh)
    assert schema.current(fresh) == schema.newest()


def test_the_migrations_make_what_the_models_say(fresh):
    schema.upgrade(fresh)
    with fresh.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_a_second_upgrade_changes_nothing(fresh):
    schema.upgrade(fresh)
    schema.upgrade(fresh)
    assert schema.current(fresh) == schema.newest()


def test_a_schema_of_a_newer_release_is_refused(fresh):
    schema.upgrade(fresh)
    with fresh.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Invalid, match="9999"):
        schema.upgrade(fresh)


def test_migrations_are_numbered_in_one_line():
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    line = list(scripts.walk_revisions())
    assert len(scripts.get_heads()) == 1
    assert [s.revision for s in line[::-1]] == [f"{i:04}" for i in range(1, len(line) + 1)]
    assert all(s.doc for s in line)
