"""What is read from a simulated Zendesk stands in the export, faults or not."""

import asyncio
import itertools
import os
import signal
import threading

from sqlmodel import Session

from app.db.engine import open_engine
from app.db.queries import sources
from tests.cli.desk import assert_same_tickets, lines, separately, stats, truth, zendesk


def test_every_ticket_is_exported_as_it_is_in_zendesk(on_both, tmp_path, monkeypatch):
    with zendesk(monkeypatch, tickets=500) as (url, add):
        on_both.done(*add)
        printed = on_both.done("sync")
        on_both.done("export", tmp_path / "out")
        assert_same_tickets(tmp_path / "out", truth(url))
        kept = len(truth(url)["tickets"])
    assert kept > 300
    assert "support tickets" in printed


def test_faults_that_pass_change_nothing_in_the_export(command, tmp_path, monkeypatch):
    faults = "429:0.1,500:0.05,truncate:0.02"
    with zendesk(monkeypatch, tickets=500, faults=faults, wrap=_small_pages) as (url, add):
        command.done(*add)
        command.done("sync")
        command.done("export", tmp_path / "out")
        assert_same_tickets(tmp_path / "out", truth(url))
        assert stats(url)["faults_total"] >= 3


def test_customers_are_exported_with_revenue_in_whole_units(command, tmp_path, monkeypatch):
    with zendesk(monkeypatch, tickets=100) as (url, add):
        command.done(*add)
        command.done("sync", "support")
        command.done("export", tmp_path / "out")
        there = {str(one["id"]): one for one in truth(url)["organizations"]}
    found = {row["external_id"]: row for row in lines(tmp_path / "out", "customers")}
    assert there.keys() <= found.keys()
    for key, one in there.items():
        row = found[key]
        shown = (row["name"], row["tier"], row["arr"], row["renewal_on"], row["domains"])
        assert shown == (one["name"], one["plan"], one["arr"], one["renewal"], one["domains"])


def test_a_dry_run_counts_and_stores_nothing(command, tmp_path, monkeypatch):
    with zendesk(monkeypatch, tickets=100) as (_, add):
        command.done(*add)
        printed = command.done("sync", "--dry-run")
    command.done("export", tmp_path / "out")
    assert "nothing was stored" in printed
    assert "support tickets" in printed
    assert lines(tmp_path / "out", "tickets") == []


def test_a_source_that_is_down_fails_alone_and_is_shown_as_failing(command, tmp_path, monkeypatch):
    (tmp_path / "bugs.csv").write_text("external_id,title,status\nX-1,It breaks,open\n")
    file = f"path={tmp_path / 'bugs.csv'}"
    command.done("source", "add", "file", "list", "--set", file, "--set", "noun=bugs")
    with zendesk(monkeypatch, tickets=50) as (_, add):
        command.done(*add)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    said = command("sync")
    assert said.code == 1
    assert said.err.count("\n") == 1
    assert said.err.startswith("support: Zendesk at 127.0.0.1 cannot be reached")
    assert "list: 1 record kept." in said.out
    assert "failing" in command.done("source", "list")


def test_a_full_run_reads_everything_again(command, empty_home, monkeypatch):
    with zendesk(monkeypatch, tickets=100) as (_, add):
        command.done(*add)
        command.done("sync")
        before = _kept(empty_home)
        command.done("sync", "--full")
    assert _kept(empty_home) > before


def test_a_terminal_shows_bars_and_a_pipe_plain_lines(command, monkeypatch):
    with zendesk(monkeypatch, tickets=100) as (_, add):
        command.done(*add)
        shown = _on_terminal("sync")
        plain = command.done("sync", "--full")
    assert "support tickets" in shown
    assert "\x1b[" in shown
    assert "records kept" in shown
    assert "\x1b[" not in plain


def test_an_interrupted_sync_ends_with_1_and_goes_on_later(command, tmp_path, monkeypatch):
    interrupted = threading.Event()
    with zendesk(monkeypatch, tickets=400, wrap=_held_until(interrupted)) as (url, add):
        command.done(*add)
        # Who runs the tests in the background ignores this signal, and would pass that on.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        process = separately("sync")
        assert process.stdout
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        interrupted.set()
        _, err = process.communicate(timeout=20)
        command.done("sync")
        command.done("export", tmp_path / "out")
        assert_same_tickets(tmp_path / "out", truth(url))
    assert process.returncode not in (0, -signal.SIGINT)
    assert "Traceback" not in err


def _held_until(event):
    """Let the fifth small page wait, so that a reading cannot end before the event."""
    asked = itertools.count()

    def wrap(app):
        small = _small_pages(app)

        async def held(scope, receive, send):
            if b"per_page" in scope.get("query_string", b"") and next(asked) >= 4:
                await asyncio.to_thread(event.wait, 30)
            await small(scope, receive, send)

        return held

    return wrap


def _on_terminal(*words):
    """What the command shows on a terminal of its own."""
    ours, theirs = os.openpty()
    process = separately(*words, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    while part := _read(ours):
        shown += part
    os.close(ours)
    assert process.wait(timeout=20) == 0
    return shown.decode()


def _read(terminal):
    try:
        return os.read(terminal, 65_536)
    except OSError:  # the other end was closed
        return b""


def _kept(home):
    engine = open_engine(f"sqlite:///{home / 'var' / 'bugsprint.db'}")
    with Session(engine) as db:
        count = sum(stream.kept for stream in sources.streams(db, 1) if stream.name == "tickets")
    engine.dispose()
    return count


def _small_pages(app):
    async def small(scope, receive, send):
        query = scope.get("query_string", b"").replace(b"per_page=1000", b"per_page=40")
        await app({**scope, "query_string": query}, receive, send)

    return small
