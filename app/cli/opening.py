"""What every command stands on: the settings, the database, the clock."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from app import lines
from app.actions.connect import Connect
from app.actions.vault import Vault
from app.cli.saying import note
from app.config import Settings, read_env
from app.db.engine import open_engine, read_only
from app.db.upgrading import bring_up

ACTOR = "command"


def now() -> datetime:
    """Tell the time; everything below gets it as an argument."""
    return datetime.now(UTC)


def environment() -> dict[str, str]:
    """Return the environment, filled up from a `.env` file in the working directory."""
    return read_env(os.environ, Path(".env"))  # noqa: TID251 - this is the door


def read_settings() -> Settings:
    """Read the settings, and set how much is logged."""
    settings = Settings.from_env(environment())
    lines.begin(settings.log_level)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    return settings


@dataclass(frozen=True)
class Desk:
    """An open database and what goes with it."""

    settings: Settings
    engine: Engine

    @property
    def vault(self) -> Vault:
        """Seals and opens connector secrets."""
        return Vault(*self.settings.secret_keys)

    @property
    def connect(self) -> Connect:
        """Makes connectors."""
        return Connect(self.engine, self.vault, now, self.settings.allowed_private_hosts)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Lend a session for one action."""
        with Session(self.engine) as db:
            yield db

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Lend a session for views, which reads on while somebody writes."""
        with Session(read_only(self.engine)) as db:
            yield db


@contextmanager
def open_desk(*, ready: bool = True) -> Iterator[Desk]:
    """Open the database; unless `ready` is false, its schema is the newest one afterwards."""
    settings = read_settings()
    engine = open_engine(settings.database_url)
    try:
        if ready:
            told = bring_up(engine)
            if told:
                note(told)
        yield Desk(settings, engine)
    finally:
        engine.dispose()
