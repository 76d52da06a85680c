"""A secret is replaced without a gap: the former one verifies webhooks until it is let go."""

import json
import sqlite3
from contextlib import closing

from app.actions.connect import FORMER
from app.actions.vault import Vault
from tests.cli.desk import zendesk

KEY = "a key for tests only, 32 letters"


def secrets(home):
    with closing(sqlite3.connect(home / "var" / "bugsprint.db")) as db:
        sealed, live = db.execute("SELECT secrets, hook_secrets FROM source").fetchone()
    return Vault(KEY).open(sealed), live


def test_a_former_webhook_secret_stays_until_it_is_let_go(command, empty_home, monkeypatch):
    with zendesk(monkeypatch, tickets=50) as (_, add):
        command.done(*add)
        for number, value in enumerate(("canary-one-of-the-hook", "canary-two-of-the-hook")):
            monkeypatch.setenv("HOOK", value)
            said = command.done(
                "source", "rotate", "support", "--secret", "webhook_secret=@env:HOOK"
            )
            assert ("still verifies webhooks" in said) is bool(number)
        found, live = secrets(empty_home)
        assert live == 2
        assert found["webhook_secret"] == "canary-two-of-the-hook"
        assert found["webhook_secret" + FORMER] == "canary-one-of-the-hook"
        assert "answers" in command.done("source", "test", "support")
        refused = command("source", "rotate", "support", "--secret", "webhook_secret=@env:HOOK")
        assert (refused.code, refused.err.count("\n")) == (1, 1)
        assert "let go" in command.done("source", "rotate", "support", "--finish")
        found, live = secrets(empty_home)
        assert (found["webhook_secret"], live) == ("canary-two-of-the-hook", 1)
        assert "webhook_secret" + FORMER not in found
        assert command("source", "rotate", "support", "--finish").code == 1
        shown = command.done("source", "list", "--json") + said + refused.err
    assert "canary" not in shown
    assert json.loads(command.done("source", "list", "--json"))["items"][0]["hook"]["secrets"] == 1


def test_with_finish_a_leaked_secret_is_replaced_at_once(command, empty_home, monkeypatch):
    with zendesk(monkeypatch, tickets=50) as (_, add):
        command.done(*add)
        words = ("source", "rotate", "support", "--secret", "webhook_secret=@env:HOOK", "--finish")
        for value in ("the first of these", "the second of these"):
            monkeypatch.setenv("HOOK", value)
            command.done(*words)
    found, live = secrets(empty_home)
    assert (found["webhook_secret"], live) == ("the second of these", 1)
    assert "webhook_secret" + FORMER not in found


def test_a_secret_that_signs_no_webhooks_is_just_replaced(command, empty_home, monkeypatch):
    with zendesk(monkeypatch, tickets=50) as (_, add):
        command.done(*add)
        monkeypatch.setenv("OTHER", "another client secret")
        said = command.done("source", "rotate", "support", "--secret", "client_secret=@env:OTHER")
    assert said == "Replaced client_secret of support.\n"
    found, live = secrets(empty_home)
    assert (found, live) == ({"client_secret": "another client secret"}, 0)


def test_what_is_no_secret_or_not_there_is_refused(command, monkeypatch):
    with zendesk(monkeypatch, tickets=50) as (_, add):
        command.done(*add)
        monkeypatch.setenv("X", "x")
        assert command("source", "rotate", "support").code == 2
        for name in ("subdomain", "colour"):
            said = command("source", "rotate", "support", "--secret", f"{name}=@env:X")
            assert (said.code, said.err.count("\n")) == (1, 1)
        assert command("source", "rotate", "nowhere", "--secret", "webhook_secret=@env:X").code == 1
