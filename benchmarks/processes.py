"""Run a part of a benchmark in a process of its own, and hear what it says in JSON."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def run(module: str, *words: str, given: Any = None) -> Any:
    """Run `python -m module words`, hand it JSON, and return the JSON it prints."""
    done = subprocess.run(
        _command(module, words),
        cwd=ROOT,
        input=json.dumps(given).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


@contextmanager
def serving(module: str, *words: str) -> Iterator[int]:
    """Keep a server running that prints its port once it listens; yields the port."""
    server = subprocess.Popen(_command(module, words), cwd=ROOT, stdout=subprocess.PIPE)
    assert server.stdout is not None
    try:
        yield int(server.stdout.readline())
    finally:
        server.terminate()
        server.wait(timeout=20)
        server.stdout.close()


def _command(module: str, words: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", module, *words]
