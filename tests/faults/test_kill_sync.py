"""A sync killed at any moment loses nothing and doubles nothing."""

import asyncio
import random
import signal
import sqlite3
import subprocess
import time

from tests.cli.desk import assert_same_tickets, separately, truth, zendesk
from tests.sizes import size

KILLS, KILLS_A_ROUND = size(10, 60), 5
TICKETS = 350
SLOW_SECONDS = 0.01


def test_a_sync_killed_at_any_moment_ends_with_every_ticket_once(
    command, empty_home, tmp_path, monkeypatch
):
    with zendesk(monkeypatch, tickets=TICKETS, wrap=_small_slow_pages) as (url, add):
        dump, dice = truth(url), random.Random(7)
        _begin(command, empty_home, add)
        span, whole = _undisturbed_seconds(), _rows(empty_home)
        landed = []
        for number in range(KILLS // KILLS_A_ROUND):
            _begin(command, empty_home, add)
            for _ in range(KILLS_A_ROUND):
                done = _rows(empty_home) / whole
                killed = _killed_after(dice.uniform(0, span * 0.6 * (1 - done)))
                landed.append(killed and 0 < _rows(empty_home) < whole)
            command.done("sync")
            command.done("export", tmp_path / f"out{number}")
            assert_same_tickets(tmp_path / f"out{number}", dump)
            assert _rows(empty_home) == whole
    assert len(landed) == KILLS
    assert sum(landed) >= 0.4 * KILLS


def _small_slow_pages(app):
    async def slow(scope, receive, send):
        query = scope.get("query_string", b"").replace(b"per_page=1000", b"per_page=25")
        if b"per_page" in query:
            await asyncio.sleep(SLOW_SECONDS)
        await app({**scope, "query_string": query}, receive, send)

    return slow


def _begin(command, home, add):
    for file in (home / "var").glob("*"):
        file.unlink()
    command.done(*add)


def _started() -> subprocess.Popen[str]:
    """A sync at the moment of its first output, when the first page is kept."""
    process = separately("sync")
    assert process.stdout and process.stdout.readline()
    return process


def _undisturbed_seconds():
    process = _started()
    began = time.monotonic()
    process.communicate()
    assert process.returncode == 0
    return time.monotonic() - began


def _killed_after(seconds):
    """Whether the process was still at work when it was killed."""
    process = _started()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    process.communicate()
    return process.returncode == -signal.SIGKILL


def _rows(home):
    file = home / "var" / "bugsprint.db"
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as db:
        names = ("customer", "ticket", "mention", "link", "rating")
        found = sum(db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names)
    db.close()
    return found
