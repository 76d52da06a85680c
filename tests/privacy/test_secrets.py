"""A secret that was typed in is nowhere to be read again: not a byte of it."""

import json
import logging

import pytest
from sqlalchemy import text
from sqlmodel import Session

from app.actions.vault import Vault
from app.core.vocabulary import Role
from app.db.engine import open_engine
from tests.cli.desk import programs
from tests.privacy.canary import hits, in_database, in_files

SECRET, PASSWORD = "ghp_S3cretCanary0123456789abcdef", "correct-horse-canary-staple"
HOOK = "whsec-canary-0123456789"
PAGES = ("/sources", "/api/v1/sources", "/audit", "/audit.csv", "/audit.jsonl", "/privacy", "/me",
         "/api/v1/activity", "/board", "/teams", "/tickets", "/openapi.json")  # fmt: skip
NOBODY = "http://127.0.0.1:9"
WORDS = [SECRET, PASSWORD, HOOK]


@pytest.fixture
def typed(on_both, database_url, tmp_path, monkeypatch):
    """Everything that takes a secret was given one, and some of it was refused."""
    monkeypatch.setenv("PATH", f"{programs()}:/usr/bin:/bin")
    monkeypatch.setenv("BUGSPRINT_LOG_LEVEL", "debug")
    monkeypatch.setenv("BUGSPRINT_ALLOWED_PRIVATE_HOSTS", "127.0.0.1:9")
    monkeypatch.setenv("TOKEN", SECRET)
    monkeypatch.setenv("PASSWORD", PASSWORD)
    monkeypatch.setenv("HOOK", HOOK)
    secrets = ["--secret", "token=@env:TOKEN", "--secret", "webhook_secret=@env:HOOK"]
    words = ["--set", "owner=acme", "--set", "repo=app", "--set", f"base_url={NOBODY}", *secrets]
    said = [on_both("source", "add", "github", "gh", *words)]
    assert said[0].code == 0
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # nobody is there, however long
    said += [
        on_both("source", "add", "github", "gh", *words),
        on_both("source", "add", "github", "no", *words, "--set", "nonsense=1"),
        on_both("source", "add", "github", "no", "--set", "owner=a", "--set", f"token={SECRET}"),
        on_both("source", "add", "github", "no", "--set", "owner=a", "--secret", f"token={SECRET}"),
        on_both("source", "test", "gh"),
        on_both("sync", "gh"),
        on_both("source", "list"),
        on_both("source", "list", "--json"),
        on_both("doctor"),
        on_both("user", "add", "ann@example.com", "--role", "admin", "--password", "@env:PASSWORD"),
        on_both("user", "add", "ann@example.com", "--role", "admin", "--password", "@env:PASSWORD"),
        on_both("export", tmp_path / "out" / "export"),
        on_both("backup", tmp_path / "out" / "copy"),
    ]
    return said


def test_no_secret_is_in_bytes_answers_logs_pages_or_files(
    typed, on_both, database_url, app, sign_in, client, tmp_path, caplog
):
    caplog.set_level(logging.DEBUG)
    token = on_both.done("token", "create", "robot", "--scope", "board.read").strip()
    for answer in (
        client.post("/sign-in", data={"email": "ann@example.com", "password": PASSWORD + "x"}),
        client.post("/sign-in", data={"email": "ann@example.com", "password": PASSWORD}),
        client.get("/api/v1/board", headers={"authorization": f"Bearer {token}"}),
        client.post("/sign-in", data={"email": "x" * 300, "password": PASSWORD}),
    ):
        assert hits(answer.content, [PASSWORD, token]) == 0
    visitor = sign_in(Role.admin)
    for path in PAGES:
        answer = visitor.get(path)
        assert answer.status_code in {200, 303}, path
        assert hits(answer.content, [*WORDS, token]) == 0, path
    assert sum(a.status_code == 200 for a in map(visitor.get, PAGES)) >= 10
    for said in typed:
        assert hits(f"{said.out}{said.err}".encode(), WORDS) == 0
    engine = open_engine(database_url)
    assert in_database(engine, [*WORDS, token]) == {}
    assert in_files(tmp_path / "out", [*WORDS, token]) == {}
    engine.dispose()
    shown = json.loads(on_both.done("source", "list", "--json"))["items"][0]["secrets"]
    assert shown == ["token …cdef", "webhook_secret …6789"]  # the last four letters at most
    logged = [r.getMessage() for when in ("setup", "call") for r in caplog.get_records(when)]
    assert logged and hits("\n".join(logged).encode(), [*WORDS, token]) == 0


def test_the_search_would_find_a_secret_that_is_stored_as_it_is(
    on_both, database_url, monkeypatch, tmp_path
):
    """The planted defect: a vault that seals nothing."""
    monkeypatch.setenv("PATH", f"{programs()}:/usr/bin:/bin")
    monkeypatch.setenv("TOKEN", SECRET)
    monkeypatch.setattr(Vault, "seal", lambda _, secrets: json.dumps(dict(secrets)))
    words = ["--set", "owner=acme", "--set", "repo=app", "--secret", "token=@env:TOKEN"]
    on_both.done("source", "add", "github", "careless", *words)
    on_both.done("backup", tmp_path / "careless" / "copy") if make(tmp_path / "careless") else None
    engine = open_engine(database_url)
    assert sum(in_database(engine, [SECRET]).values()) >= 1
    if engine.dialect.name == "sqlite":  # the other kind's copies are compressed
        assert sum(in_files(tmp_path / "careless", [SECRET]).values()) >= 1
    engine.dispose()


def make(folder):
    folder.mkdir()
    return folder


def test_what_was_bound_to_a_failing_statement_is_in_no_message(engine, caplog):
    with Session(engine) as db, pytest.raises(Exception, match="nowhere") as refused:
        db.connection().execute(text("SELECT :s FROM nowhere"), {"s": SECRET})
    assert SECRET not in str(refused.value)
