"""What a process of its own does: run jobs when it is told to, by a clock that stands in a file.

`go` tries the job once; `hold` takes it, says so, and goes on writing only after another word.
"""

from contextlib import suppress
from datetime import datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from sqlmodel import Session

from app.actions.connect import Connect
from app.actions.sync import Guard
from app.actions.vault import Vault
from app.db.engine import open_engine
from app.db.queries import activity
from app.jobs import RANK_EVERY, Jobs


def work(jobs: Jobs, name: str, talk: Connection, told: str, guard: Guard) -> str:
    """Leave one note, as a job's only write."""
    if told == "hold":
        talk.send("holding")
        talk.recv()
    with Session(jobs.connect.engine) as db:
        guard(db)
        activity.note(db, at=jobs.connect.clock(), actor=name, verb="ran")
        db.commit()
    return "ran"


def run(url: str, clock_file: Path, name: str, talk: Connection) -> None:
    """Work until nobody says anything any more."""

    def clock() -> datetime:
        return datetime.fromisoformat(clock_file.read_text())

    engine = open_engine(url)
    jobs = Jobs(Connect(engine, Vault("a key for tests only"), clock), RANK_EVERY)
    talk.send("ready")
    with suppress(EOFError):
        while told := talk.recv():
            done = jobs._fenced("tick", RANK_EVERY, partial(work, jobs, name, talk, told))
            talk.send(done or "not mine")
    engine.dispose()
