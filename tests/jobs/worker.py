"""A process of its own that runs jobs when it is told to, by a clock that stands in a file.

`go` tries the job once; `hold` takes it, says so, and goes on writing only after another line.
"""

import sys
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlmodel import Session

from app.actions.connect import Connect
from app.actions.sync import Guard
from app.actions.vault import Vault
from app.db.engine import open_engine
from app.db.queries import activity
from app.jobs import RANK_EVERY, Jobs


def say(word: str) -> None:
    """Print one word at once."""
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def work(jobs: Jobs, name: str, told: str, guard: Guard) -> str:
    """Leave one note, as a job's only write."""
    if told == "hold":
        say("holding")
        sys.stdin.readline()
    with Session(jobs.connect.engine) as db:
        guard(db)
        activity.note(db, at=jobs.connect.clock(), actor=name, verb="ran")
        db.commit()
    return "ran"


def run(url: str, clock_file: Path, name: str) -> None:
    """Work until the input ends."""

    def clock() -> datetime:
        return datetime.fromisoformat(clock_file.read_text())

    engine = open_engine(url)
    jobs = Jobs(Connect(engine, Vault("a key for tests only"), clock), RANK_EVERY)
    say("ready")
    for line in sys.stdin:
        done = jobs._fenced("tick", RANK_EVERY, partial(work, jobs, name, line.strip()))
        say(done or "not mine")
    engine.dispose()


if __name__ == "__main__":
    run(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
