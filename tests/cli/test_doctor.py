"""The doctor finds what is wrong and says how to mend it."""

import pytest

from tests.cli.desk import zendesk


def test_a_healthy_installation_has_nothing_bad(on_both):
    printed = on_both.done("doctor")
    states = {line.split()[0] for line in printed.splitlines()}
    assert states <= {"ok", "warn"}
    assert "ok    writing — possible" in printed


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("BUGSPRINT_DATABASE_URL", "postgresql://x@127.0.0.1:1/x", "bad   database — "),
        ("BUGSPRINT_SYNC_SECONDS", "often", "bad   settings — BUGSPRINT_SYNC_SECONDS"),
        ("BUGSPRINT_ALLOWED_PRIVATE_HOSTS", "tracker", "bad   private hosts — “tracker”"),
    ],
)
def test_what_is_wrong_is_bad_and_ends_with_1(command, monkeypatch, name, value, line):
    command.done("migrate")
    monkeypatch.setenv(name, value)
    said = command("doctor")
    assert (said.code, said.err) == (1, "")
    assert line in said.out


def test_a_key_that_does_not_open_the_secrets_is_bad(command, monkeypatch):
    with zendesk(monkeypatch, tickets=50) as (_, add):
        command.done(*add)
    monkeypatch.setenv("BUGSPRINT_SECRET_KEY", "another key, also 32 letters long")
    said = command("doctor")
    assert said.code == 1
    assert "bad   source support — The stored secrets cannot be opened" in said.out


def test_a_failing_source_is_bad_with_its_reason(command, monkeypatch):
    with zendesk(monkeypatch, tickets=50) as (_, add):
        command.done(*add)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    command("sync")
    said = command("doctor")
    assert said.code == 1
    assert "bad   source support — Zendesk at 127.0.0.1 cannot be reached" in said.out
