"""Run migrations on the connection given, or on BUGSPRINT_DATABASE_URL."""

import os

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

from app.config import Settings
from app.db import models
from app.db.engine import open_engine

assert models  # imported so that every table is known


def run(connection: Connection) -> None:
    """Migrate in one transaction, so that a crash leaves the old schema or the new one."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with open_engine(Settings.from_env(os.environ).database_url).connect() as opened:
        run(opened)
        opened.commit()
