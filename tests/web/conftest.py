"""The whole application over a fresh database, and people who are signed in to it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from httpx2 import Client
from sqlmodel import Session

from app.actions import people
from app.config import Settings
from app.core.vocabulary import Phase, Role
from app.db.engine import read_only
from app.main import Running, create_app
from tests import make
from tests.sizes import size
from tests.web.direct import BASE, browser

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
def client(app) -> Client:
    """Somebody who is not signed in."""
    return browser(app)


@pytest.fixture
def sign_in(app, db, clock) -> Callable[..., Client]:
    """Sign in a new person of a role; returns their browser."""

    def signed_in(role: Role, **more: object) -> Client:
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
