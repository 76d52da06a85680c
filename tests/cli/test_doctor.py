"""The doctor finds what is wrong and says how to mend it."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from tests.cli.desk import zendesk
from tests.web.provider.providers import SECRET, lying_provider


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


@pytest.fixture
def provider(monkeypatch):
    """An identity provider that is configured."""
    with lying_provider(lambda: datetime.now(UTC)) as found:
        given = {
            "OIDC_ISSUER": found.issuer,
            "OIDC_CLIENT_ID": "bugsprint",
            "OIDC_CLIENT_SECRET": SECRET,
            "OIDC_ROLE_MAP": "bug-admins=admin",
            "ALLOWED_PRIVATE_HOSTS": urlsplit(found.issuer).netloc,
        }
        for name, value in given.items():
            monkeypatch.setenv(f"BUGSPRINT_{name}", value)
        yield found


def spoil(provider, how):
    provider.metadata = how if isinstance(how, dict) else {}
    provider.down = how == "down"


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"issuer": "https://other.example"}, "calls itself https://other.example, but"),
        ({"authorization_endpoint": "http://door.example/"}, "which is not https"),
        ("down", "500"),
    ],
    ids=["another issuer", "an open door", "down"],
)
def test_a_provider_at_which_nobody_can_sign_in_is_bad(command, provider, how, words):
    spoil(provider, how)
    said = command("doctor")
    [line] = [each for each in said.out.splitlines() if "identity provider" in each]
    assert (said.code, line[:24]) == (1, "bad   identity provider ")
    assert words in line and "BUGSPRINT_OIDC_ISSUER" in line
    assert SECRET not in said.out


def test_a_provider_that_answers_is_ok_and_no_provider_is_not_asked(command, provider, monkeypatch):
    assert (
        f"ok    identity provider — answers, and calls itself {provider.issuer}"
        in command("doctor").out
    )
    asked = len(provider.asked)
    assert asked == 2
    for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "ROLE_MAP"):
        monkeypatch.delenv(f"BUGSPRINT_OIDC_{name}")
    assert "identity provider" not in command("doctor").out
    assert len(provider.asked) == asked
