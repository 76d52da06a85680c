"""Sources are added with checked options, tried, paused and let go; secrets never show."""

import io
import json
import sqlite3
from contextlib import closing

import pytest

from tests.cli.desk import SECRET, zendesk


def test_a_connection_test_says_who_we_are(command, monkeypatch):
    with zendesk(monkeypatch, tickets=50) as (_, add):
        command.done(*add)
        printed = command.done("source", "test", "support")
    assert printed.startswith("support answers; we are ")
    assert "Allowed: read." in printed


def test_a_wrong_secret_is_the_operators_to_mend(command, monkeypatch):
    with zendesk(monkeypatch, tickets=50) as (_, add):
        monkeypatch.setenv(SECRET, "a-wrong-secret")
        command.done(*add)
        tried, synced = command("source", "test", "support"), command("sync")
    for said in (tried, synced):
        assert (said.code, said.err.count("\n")) == (1, 1)
        assert "check client_id and client_secret" in said.err
        assert "a-wrong-secret" not in said.err


def test_a_test_of_a_closed_door_gives_up_soon_with_the_same_sentence(command, monkeypatch):
    with zendesk(monkeypatch, tickets=50) as (_, add):
        command.done(*add)
    asked: list[float] = []
    monkeypatch.setattr("time.sleep", asked.append)
    said = command("source", "test", "support")
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "cannot be reached (connection refused): check the address" in said.err
    assert len(asked) == 1
    assert asked[0] <= 2


def test_a_secret_is_neither_shown_nor_stored_as_it_is(command, empty_home, monkeypatch):
    with zendesk(monkeypatch, tickets=50) as (_, add):
        monkeypatch.setenv(SECRET, "canary-canary-canary")
        printed = command.done(*add) + command.done("source", "list")
    printed += command.done("source", "list", "--json") + command.done("doctor")
    assert "canary" not in printed
    for file in (empty_home / "var").iterdir():
        assert b"canary" not in file.read_bytes()


def test_the_same_name_twice_is_refused(command, monkeypatch):
    with zendesk(monkeypatch, tickets=50) as (_, add):
        command.done(*add)
        said = command(*add)
    assert (said.code, said.err.count("\n")) == (1, 1)


@pytest.mark.parametrize("way", ["@file:secret.txt", "-"])
def test_a_secret_comes_from_a_file_or_standard_input(command, empty_home, monkeypatch, way):
    (empty_home / "secret.txt").write_text("simulated-client-secret\n")
    monkeypatch.setattr("sys.stdin", io.StringIO("simulated-client-secret\n"))
    with zendesk(monkeypatch, tickets=50) as (_, add):
        command.done(*[word.replace(f"@env:{SECRET}", way) for word in add])
        command.done("source", "test", "support")


def test_options_are_stored_as_what_they_mean(command, empty_home, monkeypatch):
    with zendesk(monkeypatch, tickets=50) as (_, add):
        command.done(*add, "--set", "keep_text=false")
    with closing(sqlite3.connect(empty_home / "var" / "bugsprint.db")) as db:
        options = json.loads(db.execute("SELECT options FROM source").fetchone()[0])
    assert options["keep_text"] is False
    assert options["requests_per_minute"] == 1000
    assert "start" not in options


def test_a_paused_source_is_left_out_until_it_is_named_or_resumed(command, monkeypatch):
    with zendesk(monkeypatch, tickets=50) as (_, add):
        command.done(*add)
        command.done("source", "pause", "support")
        assert command.done("sync") == "support is paused and left out\n"
        assert "records kept" in command.done("sync", "support")
        command.done("source", "resume", "support")
        assert " kept." in command.done("sync")


def test_a_removed_source_is_gone_but_what_was_read_stays(command, tmp_path, monkeypatch):
    with zendesk(monkeypatch, tickets=50) as (_, add):
        command.done(*add)
        command.done("sync")
    command.done("source", "remove", "support")
    assert "no source" in command.done("source", "list")
    command.done("export", tmp_path / "out")
    assert (tmp_path / "out" / "tickets.jsonl").read_bytes()


def test_a_file_shows_what_it_would_bring(command, tmp_path, monkeypatch):
    (tmp_path / "bugs.csv").write_text("external_id,title,status,colour\nX-1,It breaks,open,red\n")
    path = f"path={tmp_path / 'bugs.csv'}"
    command.done("source", "add", "file", "list", "--set", path, "--set", "noun=bugs")
    printed = command.done("source", "preview", "list")
    assert "1 row: 1 bugs readable, 0 not." in printed
    assert "column colour feeds nothing" in printed


def test_without_a_secret_key_secrets_are_not_stored(command, monkeypatch):
    monkeypatch.delenv("BUGSPRINT_SECRET_KEY")
    with zendesk(monkeypatch, tickets=50) as (_, add):
        said = command(*add)
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "BUGSPRINT_SECRET_KEY" in said.err
