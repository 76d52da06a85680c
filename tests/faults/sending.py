"""Runs the sender in processes that are killed: `python -m tests.faults.sending`.

Reads one JSON line per run from standard input: database, options, time, and after how many steps
the run is killed (0: never).  A step is a statement that ends a transaction, or an exchange with
the help desk; each counts twice, once before and once after.  Answers with the number of steps, or
-1 when the run was killed.  One process stays and forks, because starting Python anew takes long;
a run that is called warm is done by itself, so that its forks find everything prepared.
"""

import json
import os
import signal
import sys
from datetime import datetime
from functools import cache, wraps

from sqlalchemy import event
from sqlmodel import Session

from app.actions.connect import Connect
from app.actions.sending import Sender
from app.actions.vault import Vault
from app.db.engine import open_engine
from integrations import http
from integrations.sockets import trusted
from integrations.zendesk import push


class Steps:
    """Counts steps, and kills its own process at the one that was asked for."""

    def __init__(self, fatal):
        self.count, self.fatal = 0, fatal

    def step(self, *_about):
        self.count += 1
        if self.count == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, act):
        @wraps(act)
        def stepped(*args, **more):
            self.step()
            try:
                return act(*args, **more)
            finally:
                self.step()

        return stepped


def send(asked):
    """One run, in the process that may be killed; returns how many steps it had."""
    steps = Steps(asked["kill"])
    http.Http._exchange = steps.around(http.Http._exchange)
    event.listen(Session, "before_commit", steps.step)
    event.listen(Session, "after_commit", steps.step)
    _defect(asked.get("defect"))
    warm(asked["database"]).dispose(close=False)  # the parent's connections are not ours
    run(asked, datetime.fromisoformat(asked["at"]))
    return steps.count


def run(asked, at):
    vault, hosts = Vault("a key for tests only"), frozenset({asked["host"]})
    engine = warm(asked["database"])
    Sender(Connect(engine, vault, lambda: at, hosts, sleep=lambda _seconds: None)).run()
    engine.dispose()


@cache
def warm(database):
    """One engine for all runs, so that each need not prepare its statements anew."""
    return open_engine(database)


def _defect(name):
    """Plant a defect, so that the tests can be seen to find it."""
    from app.actions import sending  # noqa: PLC0415 - what is spoiled here

    if name == "no marker check":
        push.Messenger._marked = lambda *_: False
    elif name == "resend on timeout":
        late = sending._after

        def again(written):
            state = sending.OutgoingState.approved
            lost = written.outcome == "lost"
            return sending.Verdict(state, "", sending.LATER) if lost else late(written)

        sending._after = again
        push.Messenger._marked = lambda *_: False
    elif name == "send before commit":
        whole = sending.outbox.take

        def early(db, number, *args, **more):
            fence = whole(db, number, *args, **more)
            db.rollback()
            return fence

        sending.outbox.take = early
        sending.outbox.record = _record_blindly
        push.Messenger._marked = lambda *_: False


def _record_blindly(db, number, _fence, **values):
    from app.db.queries import outbox  # noqa: PLC0415

    return outbox.change(db, [number], list(outbox.OutgoingState), **values) == 1


def main():
    """Serve until standard input ends."""
    trusted()  # kept for all runs: reading the authorities takes longer than a run
    for line in sys.stdin:
        asked = json.loads(line)
        if asked.get("warm"):
            run(asked, datetime.fromisoformat(asked["at"]))
            sys.stdout.write("0\n")
            sys.stdout.flush()
            continue
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            os.write(writing, str(send(asked)).encode())
            os._exit(0)
        os.close(writing)
        told = os.read(reading, 100).decode()
        os.close(reading)
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        sys.stdout.write(f"{told or ('-1' if killed else '-2')}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
