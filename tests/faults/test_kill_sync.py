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
        landed = []
        for number in range(KILLS // KILLS_A_ROUND):
            _begin(command, empty_home, add)
            for _ in range(KILLS_A_ROUND):
                done = _rows(empty_home) / whole
                moment = dice.uniform(0, span * (1 - done))
                killed = one_killer.run("sync", after=moment).killed
                landed.append(killed and 0 < _rows(empty_home) < whole)
            command.done("sync")
            command.done("export", tmp_path / f"out{number}")
            assert_same_tickets(tmp_path / f"out{number}", dump)
            assert _rows(empty_home) == whole
    assert len(landed) == KILLS
    assert sum(landed) >= 0.4 * KILLS


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
