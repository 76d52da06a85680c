"""Kill -9 the product's commands, at every kind of step and at any moment."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.fresh import fresh_database


@dataclass(frozen=True)
class Ended:
    """How a command ended; without a death its exit code and how many steps it took."""

    killed: bool
    code: int | None
    steps: int | None
    seconds: float


class Killer:
    """Runs commands in children of a process that has the product loaded."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.url = ""  # of the database that commands work on

    def run(self, *words: object, at: int | None = None, after: float | None = None) -> Ended:
        """Run a command; kill it at a step, or after some seconds."""
        # The process may have begun in another test, with other settings, somewhere else.
        env = {**os.environ, "BUGSPRINT_DATABASE_URL": self.url}
        where = {"env": env, "folder": str(Path.cwd())}
        asked = {"words": [str(word) for word in words], "at": at, "after": after, **where}
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin and stdout
        stdin.write(json.dumps(asked) + "\n")
        stdin.flush()
        return Ended(**json.loads(stdout.readline()))

    def done(self, *words: object) -> Ended:
        """Run a command that has to succeed."""
        ended = self.run(*words)
        assert (ended.killed, ended.code) == (False, 0), f"{words}: {ended}"
        return ended


@contextmanager
def killer() -> Iterator[Killer]:
    """Lend a killer; each command has the folder and the environment that its test has then."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.fatal"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        yield Killer(process)
        assert process.stdin
        process.stdin.close()  # the end of its input is its end


@contextmanager
def on_copies(killer: Killer, like: str, folder: Path) -> Iterator[Callable[[], str]]:
    """Lend a function that gives the killer a new copy of a database to work on."""
    with ExitStack() as stack:

        def another() -> str:
            killer.url = stack.enter_context(fresh_database(like, folder, like))
            return killer.url

        yield another


def moments(steps: int, kills: int, seed: int = 7) -> list[int]:
    """Choose steps to die at: every one when there are few, else some of each stretch."""
    if steps <= kills:
        return [1 + number % steps for number in range(kills)]
    dice, stretch = Random(seed), steps / kills
    return [1 + int(stretch * number + dice.random() * stretch) for number in range(kills)]


def share(landed: list[bool]) -> float:
    """Return which part of the kills found the work half done."""
    return sum(landed) / len(landed)
