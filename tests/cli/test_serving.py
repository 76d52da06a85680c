"""What keeps running ends when it is asked to."""

import signal
import socket
import time

import httpx
import pytest

from tests.cli.desk import separately, zendesk


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("kind", ["zendesk", "github"])
def test_a_simulator_prints_what_a_source_needs_and_ends_by_a_signal(empty_home, kind, number):
    process = separately("simulate", kind, "--tickets", "60", "--bugs", "40", "--data", "data")
    try:
        assert process.stdout
        name, _, url = process.stdout.readline().strip().partition("=")
        found = httpx.get(f"{url}/__dump", trust_env=False)
        process.send_signal(number)
        rest, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert (name, found.status_code) == ("base_url", 200)
    assert all("=" in line for line in rest.splitlines())
    assert (process.returncode, err) == (0, "")
    assert (empty_home / "data" / "truth.jsonl").is_file()


def test_the_server_migrates_by_itself_and_ends_in_time(empty_home):
    port = _free_port()
    process = separately("serve", "--port", port)
    try:
        assert _answer(f"http://127.0.0.1:{port}/healthz") == 200
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=8)
    finally:
        process.kill()
    assert process.returncode == 0
    assert (empty_home / "var" / "bugsprint.db").is_file()


def test_the_server_does_not_start_without_the_key_of_its_secrets(command, monkeypatch):
    with zendesk(monkeypatch, tickets=30) as (_, add):
        command.done(*add)
    monkeypatch.delenv("BUGSPRINT_SECRET_KEY")
    said = command("serve", "--port", _free_port())
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)
    assert said.err.startswith("Set BUGSPRINT_SECRET_KEY to at least 16 random characters")


def _answer(url):
    for _ in range(100):
        try:
            return httpx.get(url, trust_env=False).status_code
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("The server did not start.")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
