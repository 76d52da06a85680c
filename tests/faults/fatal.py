"""Runs commands of the product in children that die by kill -9 at a given step or moment.

One line of JSON in, one out.  The product is loaded once and every command runs in a fork of this
process, so that hundreds of deaths take minutes.  A step is a statement that writes, the moment
before a commit and the one after it, or a change to a file; they are counted from 1.
"""

import contextlib
import json
import os
import signal
import sys
import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

from app.actions import plans
from app.cli import main
from app.cli.opening import now, open_desk
from app.cli.program import program_of
from app.core.vocabulary import Phase
from app.db import upgrading
from app.db.prepared import Plan

assert upgrading  # loaded here, so that no child has to
WRITES = ("INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER")
FILES = {"os.rename", "os.remove", "os.chmod", "sqlite3.connect", "subprocess.Popen"}


def close(slug: str) -> int:
    """Close a sprint, as its page does: there is no command for it."""
    with open_desk() as desk, desk.writing() as db:
        plans.set_phase(db, slug, Phase.close, actor="Ann", at=now())
    return 0


ACTS = {"close": close}


class Steps:
    """Counts steps, and dies at one of them."""

    def __init__(self, last: int | None) -> None:
        self.last, self.taken, self.committing = last, 0, False

    def take(self) -> None:
        """Take one step; the last one is not survived."""
        self.taken += 1
        if self.taken == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """Count from now on."""
        event.listen(Engine, "after_cursor_execute", self._statement)
        self._watch_prepared()
        event.listen(Engine, "commit", self._commit)
        event.listen(Pool, "checkin", self._given_back)
        sys.addaudithook(self._file)

    def _statement(self, _connection: Any, _cursor: Any, statement: str, *_about: Any) -> None:
        if statement.lstrip().upper().startswith(WRITES):
            self.take()

    def _watch_prepared(self) -> None:
        run = Plan.first

        def first(plan: Plan, cursor: Any, given: Any) -> Any:
            row = run(plan, cursor, given)
            self._statement(None, cursor, plan.sql)
            return row

        Plan.first = first  # type: ignore[assignment,method-assign]

    def _commit(self, _connection: Any) -> None:
        self.committing = True
        self.take()

    def _given_back(self, *_about: Any) -> None:
        if self.committing:
            self.committing = False
            self.take()

    def _file(self, name: str, _about: Any) -> None:
        if name in FILES:
            self.take()


def child(asked: dict[str, Any], answer: int) -> None:
    """Run one command to its end, or to its death."""
    os.environ.clear()
    os.environ.update(asked["env"])
    os.chdir(asked["folder"])
    quiet = os.open(os.devnull, os.O_RDWR)
    for number in (1, 2):
        os.dup2(quiet, number)
    steps = Steps(asked.get("at"))
    steps.watch()
    code: Any = 99
    with contextlib.suppress(Exception):
        first, *others = asked["words"]
        code = ACTS[first](*others) if first in ACTS else main(asked["words"])
    os.write(answer, json.dumps({"code": code, "steps": steps.taken}).encode())
    os._exit(0)


def run(asked: dict[str, Any]) -> dict[str, Any]:
    """Run one command in a child; tell how it ended, and after how many seconds."""
    ours, theirs = os.pipe()
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        child(asked, theirs)
    os.close(theirs)
    if asked.get("after") is not None:
        time.sleep(asked["after"])
        os.kill(pid, signal.SIGKILL)
    with os.fdopen(ours, "rb") as told:
        said = told.read()
    _, status = os.waitpid(pid, 0)
    ended = json.loads(said) if said else {"code": None, "steps": None}
    killed = os.WIFSIGNALED(status) and not said
    return ended | {"killed": killed, "seconds": time.monotonic() - began}


if __name__ == "__main__":
    program_of()  # every command's module is loaded here, so that no child has to
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(json.loads(line))) + "\n")
        sys.stdout.flush()
