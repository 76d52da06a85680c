"""Real server processes over one database, and a sprint whose bugs can be claimed."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import httpx
from sqlalchemy import Engine
from sqlmodel import Session

from app.actions import people
from app.core.vocabulary import Lane, Phase
from app.db.models import Bug, Sprint
from app.db.queries.sprints import add_items, item_row
from tests import make
from tests.loaded import command, started

START_SECONDS = 60.0
SCOPES = ("board.read", "bug.claim")


@dataclass(frozen=True)
class World:
    """Who may claim what: names of programs with their tokens, bugs, and the team that claims."""

    tokens: dict[str, str]
    bugs: list[int]
    team: int
    slug: str

    def headers(self, name: str) -> dict[str, str]:
        """Return how a program says who it is."""
        return {"authorization": f"Bearer {self.tokens[name]}"}


def world(engine: Engine, *, bugs: int, programs: int) -> World:
    """Put a sprint under way, with bugs to claim and programs that may."""
    now = datetime.now(UTC)
    with Session(engine) as db:
        team = make.team(db)
        first = make.bug(db, "The first of many")
        days = {"starts_on": now.date(), "ends_on": now.date() + timedelta(days=13)}
        sprint = make.sprint(db, first, phase=Phase.run, **days)
        tokens = {}
        for number in range(programs):
            token = people.create_token(db, f"p{number}", scopes=SCOPES, at=now)
            tokens[f"program p{number}"] = token
        return World(tokens, _more(db, first, sprint, bugs), team.id or 0, sprint.slug)


def _more(db: Session, first: Bug, sprint: Sprint, count: int) -> list[int]:
    """Make bugs like the first one and put them into the sprint, in one transaction."""
    db.refresh(first)
    facts = first.model_dump(exclude={"id"})
    named = [{"external_id": f"more-{n}", "key": f"acme/more#{n}"} for n in range(count)]
    made = [Bug(**facts | {"title": f"Bug {n} of many"} | more) for n, more in enumerate(named)]
    db.add_all(made)
    db.flush()
    ids = [bug.id or 0 for bug in made]
    add_items(db, [item_row(sprint.id or 0, bug, Lane.high_profile, make.DAWN) for bug in ids])
    db.commit()
    return ids


@dataclass(frozen=True)
class Server:
    """A server in a process of its own."""

    url: str
    process: BaseProcess

    def stop(self, within: float = 30.0) -> float:
        """Ask it to end; return how many seconds that took."""
        began = time.monotonic()
        self.process.terminate()
        self.process.join(within)
        return time.monotonic() - began


@contextmanager
def serving(database_url: str, home: Path, count: int = 1) -> Iterator[list[Server]]:
    """Keep server processes running on one database."""
    with ExitStack() as stack:
        servers = [stack.enter_context(_one(database_url, home)) for _ in range(count)]
        for server in servers:
            _wait_for(server)
        yield servers


@contextmanager
def _one(database_url: str, home: Path) -> Iterator[Server]:
    port = free_port()
    settings = {
        "BUGSPRINT_DATABASE_URL": database_url,
        "BUGSPRINT_SECRET_KEY": "a key for tests only, 32 letters",
        "BUGSPRINT_BASE_URL": f"http://127.0.0.1:{port}",
        "BUGSPRINT_SYNC_SECONDS": "86400",
        "BUGSPRINT_LOG_LEVEL": "error",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BUGSPRINT_")}
    process = started(command, ["serve", "--port", str(port)], kept | settings, home)
    try:
        yield Server(f"http://127.0.0.1:{port}", process)
    finally:
        process.kill()
        process.join()


def _wait_for(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert server.process.is_alive(), "The server ended at once."
        try:
            if httpx.get(f"{server.url}/readyz", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("The server did not start.")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
