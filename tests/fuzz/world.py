"""A running application with something of everything in it, for programs that ask odd things."""

import contextlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session

from app.actions import people
from app.config import Settings
from app.core.permissions import TOKEN_SCOPES
from app.core.vocabulary import LinkState, Phase, Role
from app.db import schema
from app.main import Running, create_app
from tests import make
from tests.web.serving import served

ONE_AT_A_TIME = threading.Lock()  # building and migrating keep state in globals


@contextlib.contextmanager
def running(folder: Path, who: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the address, and the headers by which an administrator's browser or a program asks."""
    settings = Settings(database_url=f"sqlite:///{folder / 'fuzz.db'}")
    with ONE_AT_A_TIME:
        app = create_app(settings, Running(jobs=False))
        schema.upgrade(app.state.engine)
    with Session(app.state.engine) as db:
        _fill(db)
        headers = _program(db) if who == "token" else _administrator(db)
    with served(app) as (url, *_):
        yield url, headers


def _administrator(db: Session) -> dict[str, str]:
    cookie = people.open_sign_in(db, make.user(db, Role.admin), at=datetime.now(UTC))
    return {"Cookie": f"bugsprint={cookie}", "Sec-Fetch-Site": "same-origin"}


def _program(db: Session) -> dict[str, str]:
    token = people.create_token(db, "fuzz", scopes=sorted(TOKEN_SCOPES), at=datetime.now(UTC))
    return {"Authorization": f"Bearer {token}"}


def _fill(db: Session) -> None:
    today = datetime.now(UTC).date()
    team = make.team(db)
    area = make.area(db, team_id=team.id)
    bugs = [make.bug(db, f"Bug {number}", area_id=area.id) for number in range(12)]
    for bug in bugs:
        make.ticket(db, on=bug, text="It is slow.", tags=["slow"])
        make.ticket(db, on=bug, state=LinkState.suggested)
        make.ticket(db)
    make.sprint(db, *bugs, phase=Phase.run, name="Now", slug="now", starts_on=today, ends_on=today)
    make.ranked(db)
