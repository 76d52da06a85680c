"""The whole application over a fresh database, and people who are signed in to it."""

import atexit
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from types import SimpleNamespace

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from app.actions import people
from app.config import Settings
from app.core.vocabulary import Phase, Role
from app.db.engine import read_only
from app.main import Running, create_app
from tests import make
from tests.sizes import size

BASE = "http://testserver"
OURS = {"sec-fetch-site": "same-origin"}
NOON = make.DAWN + timedelta(days=3, hours=3)


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def demo():
    """Whether the application runs as the demo; a test module may say otherwise."""
    return False


@pytest.fixture
def app(database_url, clock, demo) -> Iterator[FastAPI]:
    made = create_app(
        Settings(database_url=database_url, base_url=BASE),
        Running(demo=demo, jobs=False, clock=clock),
    )
    # What is started beside a request would go on into the next test, on the same database.
    made.state.starter = replace(made.state.starter, spawn=lambda run: None)
    yield made
    made.state.engine.dispose()


@pytest.fixture
def client(app) -> TestClient:
    """Somebody who is not signed in."""
    return browser(app)


@pytest.fixture
def sign_in(app, db, clock) -> Callable[..., TestClient]:
    """Sign in a new person of a role; returns their browser."""

    def signed_in(role: Role, **more: object) -> TestClient:
        with Session(db.get_bind()) as own:
            user = make.user(own, Role(role), **more)
            token = people.open_sign_in(own, user, at=clock())
        made = browser(app)
        made.cookies.set("bugsprint", token)
        return made

    return signed_in


@pytest.fixture
def look(app):
    """Run one select and return its rows, holding no lock."""

    def looked(statement):
        with Session(read_only(app.state.engine)) as own:
            return own.exec(statement).all()

    return looked


@pytest.fixture
def sample(db):
    """A sprint under way with two ranked bugs, a team, tickets of two customers, and a source."""
    with make.together(db):
        team = make.team(db)
        rich = make.customer(db, "Acme", arr_cents=123_456_700)
        first, second = make.bug(db, "Export hangs"), make.bug(db, "Login loops")
        ticket = make.ticket(db, on=first, customer_id=rich.id, text="my secret words")
        make.ticket(db, on=second)
        loose = make.ticket(db, subject="Nobody knows why")
        sprint = make.sprint(db, first, second, phase=Phase.run)
        found = SimpleNamespace(
            bug=first.id, other=second.id, team=team.id, slug=sprint.slug, sprint=sprint.id,
            ticket=ticket.id, loose=loose.id, source=source_name(db), rich=rich.id,
        )  # fmt: skip
    make.ranked(db)
    db.rollback()
    return found


def source_name(db):
    return make.source(db, "github", name="tracker").name


def browser(app) -> TestClient:
    """A browser without cookies that shows its own pages' requests as such."""
    made = TestClient(
        app,
        base_url=BASE,
        headers=OURS,
        follow_redirects=False,
        raise_server_exceptions=False,
    )
    made.portal = event_loop()  # else each request has a thread and a loop of its own
    return made


@cache
def event_loop() -> BlockingPortal:
    """Start the loop in which all applications answer."""
    way = start_blocking_portal()
    loop = way.__enter__()
    atexit.register(way.__exit__, None, None, None)
    return loop


@pytest.fixture
def token(db, clock) -> Callable[..., str]:
    """Make a program's token with these scopes."""

    def made(*scopes: str) -> str:
        with Session(db.get_bind()) as own:
            return people.create_token(own, "-".join(scopes), scopes=scopes, at=clock())

    return made


@pytest.fixture
def hook_runs(database_url) -> int:
    """How many histories of webhooks are tried: most of them on the quicker database."""
    runs = size(100, 2000)
    return runs * 4 // 5 if database_url.startswith("sqlite") else runs // 5
