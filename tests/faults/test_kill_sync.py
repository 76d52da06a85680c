"""A sync killed at any moment loses nothing and doubles nothing."""

import random
import sqlite3

from tests.cli.desk import assert_same_tickets, small_pages, truth, zendesk
from tests.sizes import size

KILLS, KILLS_A_ROUND = size(20, 120), 4
TICKETS = 350


def test_a_sync_killed_at_any_moment_ends_with_every_ticket_once(
    command, one_killer, empty_home, tmp_path, monkeypatch
):
    one_killer.url = f"sqlite:///{empty_home / 'var' / 'bugsprint.db'}"
    with zendesk(monkeypatch, tickets=TICKETS, wrap=small_pages) as (url, add):
        dump, dice = truth(url), random.Random(7)
        _begin(command, empty_home, add)
        span, whole = one_killer.done("sync").seconds, _rows(empty_home)
        killed = midway = tries = 0
        while killed < KILLS:
            _begin(command, empty_home, add)
            for _ in range(KILLS_A_ROUND):
                tries += 1
                left = span * (1 - _rows(empty_home) / whole)
                if not one_killer.run("sync", after=dice.uniform(0, left)).killed:
                    span *= 0.9  # it was done before: the machine has become quicker
                    break
                killed += 1
                midway += 0 < _rows(empty_home) < whole
            command.done("sync")
            command.done("export", tmp_path / f"out{tries}")
            assert_same_tickets(tmp_path / f"out{tries}", dump)
            assert _rows(empty_home) == whole
            assert tries <= 3 * KILLS
    print(f"{killed} kills, {midway} of them midway, in {tries} tries")
    assert midway >= 0.4 * KILLS


def _begin(command, home, add):
    for file in (home / "var").glob("*"):
        file.unlink()
    command.done(*add)


def _rows(home):
    file = home / "var" / "bugsprint.db"
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as db:
        names = ("customer", "ticket", "mention", "link", "rating")
        found = sum(db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names)
    db.close()
    return found
