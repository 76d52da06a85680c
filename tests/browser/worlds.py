"""Running applications to look at: the demo on day 6, an empty one, and others made of rows."""

import contextlib
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app import demo
from app.actions import claims, people
from app.config import Settings
from app.core.vocabulary import ItemState, Role
from app.db import schema
from app.db.models import Sprint, SprintItem, User
from app.main import STOP_SECONDS, Running, Server, create_app
from tests import make


@dataclass(frozen=True)
class World:
    """An application that answers at an address, and its database."""

    url: str
    app: FastAPI

    @property
    def engine(self) -> Engine:
        """Return the way to its rows."""
        engine: Engine = self.app.state.engine
        return engine

    @property
    def slug(self) -> str:
        """Return the word of its newest sprint."""
        with Session(self.engine) as db:
            return db.exec(select(Sprint).order_by(col(Sprint.id).desc())).all()[0].slug

    def token(self, role: Role) -> str:
        """Sign somebody of a role in; returns what their browser keeps."""
        at = datetime.now(UTC)
        with Session(self.engine, expire_on_commit=False) as db:
            known = db.exec(select(User).where(User.role == role)).first()
            user = known or make.user(db, role, name=f"{role.value} person".title())
            return people.open_sign_in(db, user, at=at)

    def cut_streams(self) -> int:
        """Drop every open page's stream, as a proxy that restarts does; returns how many."""
        streams = list(self.app.state.broadcast.streams)
        for stream in streams:
            self.app.state.broadcast.loop.call_soon_threadsafe(stream.left.set)
        return len(streams)


def give_back(world: World, most: int = 30) -> None:
    """Release what is claimed beyond so many bugs."""
    held = select(SprintItem.bug_id).where(SprintItem.state == ItemState.claimed)
    with Session(world.engine) as db:
        for bug in db.exec(held.order_by(col(SprintItem.id))).all()[most:]:
            claims.release(db, bug, actor="The stage", at=datetime.now(UTC))


@contextlib.contextmanager
def demo_world(folder: Path) -> Iterator[World]:
    """The whole demo, where nothing moves unless a test moves it."""
    with _door() as door:
        port = door.getsockname()[1]
        with demo.told(folder, port) as (story, _), _served(story.wiring.settings, door) as world:
            yield world


@contextlib.contextmanager
def bare_world(file: Path, **more: Any) -> Iterator[World]:
    """An application over a database of one's own."""
    with _door() as door:
        settings = Settings(
            database_url=f"sqlite:///{file}",
            base_url=f"http://127.0.0.1:{door.getsockname()[1]}",
            log_level="warning",
            secret_key=SecretStr(secrets.token_urlsafe(32)),
            **more,
        )
        with _served(settings, door, demo=False) as world:
            yield world


@contextlib.contextmanager
def _door() -> Iterator[socket.socket]:
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", 0))
        yield door


@contextlib.contextmanager
def _served(settings: Settings, door: socket.socket, *, demo: bool = True) -> Iterator[World]:
    app = create_app(settings, Running(demo=demo, jobs=False))
    schema.upgrade(app.state.engine)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    server = Server(config, app.state.broadcast)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "The application did not start."
        time.sleep(0.02)
    yield World(settings.base_url, app)
    app.state.broadcast.end_soon()
    server.should_exit = True
    thread.join(10)
