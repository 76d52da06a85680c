"""A view of the whole database at one instant, however long the reading takes."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlmodel import Session


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """Lend a session that only reads, and sees nothing of what is written meanwhile."""
    if engine.dialect.name == "sqlite":
        still = engine.execution_options(readonly=True)
    else:
        still = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    with Session(still) as db:
        yield db
