"""The two ways to read the same pages, each in a process of its own.

Run as `python -m benchmarks.ingest_runs product|floor PORT FILE`; FILE is a migrated database.
"""

import json
import resource
import sqlite3
import sys
import time
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec
from sqlmodel import Session

from app.actions.connect import Connect
from app.actions.sync import Sync
from app.actions.vault import Vault
from app.core.vocabulary import StatusCategory
from app.db.engine import PRAGMAS, open_engine
from app.db.models import Source
from app.db.queries import bugs
from benchmarks.zendesk_pages import BUG_ADDRESS, BUGS, FIRST

MIB = 1024


class Score(msgspec.Struct):
    """A ticket's rating."""

    score: str | None = None


class Metrics(msgspec.Struct):
    """A ticket's figures."""

    solved_at: str | None = None
    reopens: int | None = None


class Row(msgspec.Struct):
    """The same fields of a ticket as the product keeps."""

    id: int
    subject: str
    description: str
    status: str
    priority: str | None
    type: str | None
    tags: list[str]
    organization_id: int | None
    problem_id: int | None
    created_at: datetime
    updated_at: datetime
    generated_timestamp: int
    satisfaction_rating: Score
    metric_set: Metrics


class Export(msgspec.Struct):
    """A page of tickets."""

    tickets: list[Row]
    after_cursor: str
    end_of_stream: bool


COLUMNS = (
    "source_id, external_id, url, subject, text, status, priority, type, tags, own_tags, "
    "customer_id, problem_external_id, created_at, updated_at, solved_at, reopens, csat, "
    "csat_system, stamp"
)
UPSERT = (
    f"INSERT INTO ticket ({COLUMNS}) VALUES ({', '.join('?' * 19)}) "
    "ON CONFLICT (source_id, external_id) DO UPDATE SET "
    + ", ".join(
        f"{name} = excluded.{name}"
        for name in COLUMNS.split(", ")
        if name not in {"source_id", "external_id", "own_tags"}
    )
    + " WHERE excluded.stamp >= ticket.stamp"
)


def floor(port: int, file: str) -> int:
    """Fetch, decode and upsert, and nothing else."""
    database = sqlite3.connect(file, isolation_level=None)
    for pragma in PRAGMAS:
        database.execute(f"PRAGMA {pragma}")
    decode = msgspec.json.Decoder(Export).decode
    cursor, kept, ended = "page-0", 0, False
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        while not ended:
            where = {"cursor": cursor}
            page = decode(client.get("/api/v2/incremental/tickets/cursor", params=where).content)
            database.execute("BEGIN IMMEDIATE")
            database.executemany(UPSERT, [_values(row) for row in page.tickets])
            database.execute("COMMIT")
            kept, cursor, ended = kept + len(page.tickets), page.after_cursor, page.end_of_stream
    database.close()
    return kept


def _values(row: Row) -> tuple[Any, ...]:
    good = row.satisfaction_rating.score == "good"
    return (
        1,
        str(row.id),
        f"https://acme.example/agent/tickets/{row.id}",
        row.subject,
        row.description,
        row.status,
        row.priority,
        row.type,
        json.dumps(row.tags),
        "[]",
        None,
        str(row.problem_id) if row.problem_id else None,
        str(row.created_at)[:19],
        str(row.updated_at)[:19],
        row.metric_set.solved_at,
        row.metric_set.reopens,
        "good" if good else None,
        "legacy" if good else None,
        row.generated_timestamp,
    )


def product(port: int, file: str) -> int:
    """Read the pages as the product does: connector, sync, linking, scoring."""
    engine = open_engine(f"sqlite:///{file}")
    host = f"127.0.0.1:{port}"
    vault = Vault("a key for measuring only")
    connect = Connect(engine, vault, _now, frozenset({host}))
    with Session(engine, expire_on_commit=False) as db:
        source = db.get(Source, 1)
    assert source is not None
    source.options = source.options | {"base_url": f"http://{host}"}
    connector = connect.to(source)
    outcome = Sync(engine, 1, connector, vault, _now).run()
    connector.close()
    if outcome.failed or outcome.rejected or outcome.degraded:
        raise SystemExit(f"The reading failed: {outcome.failed or outcome.degraded}")
    return outcome.kept


def prepare(file: str) -> None:
    """Put a source and 10,000 known bugs into a migrated database."""
    engine = open_engine(f"sqlite:///{file}")
    options: dict[str, Any] = {"email": "a@example.com", "api_token": "of no use"}
    options |= {"requests_per_minute": 1000, "arr_field": "arr", "plan_field": "plan"}
    with Session(engine) as db:
        for kind in ("zendesk", "github"):
            given = options if kind == "zendesk" else {}
            db.add(Source(kind=kind, name=kind, options=given, added_at=FIRST))
            db.flush()
        bugs.keep_bugs(db, [_bug(number) for number in range(1, BUGS + 1)])
        bugs.keep_names(db, ((n, f"{BUG_ADDRESS}{n}") for n in range(1, BUGS + 1)))
        db.commit()
    engine.dispose()


def _bug(number: int) -> dict[str, Any]:
    return {
        "source_id": 2,
        "external_id": str(number),
        "key": f"acme/app#{number}",
        "url": f"{BUG_ADDRESS}{number}",
        "title": f"Export {number} hangs",
        "text": "",
        "status_raw": "open",
        "status_category": StatusCategory.open,
        "labels": [],
        "components": [],
        "assignees": [],
        "visibility": "ok",
        "created_at": FIRST,
        "updated_at": FIRST,
    }


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    way = {"product": product, "floor": floor}[sys.argv[1]]
    begin = time.perf_counter()
    tickets = way(int(sys.argv[2]), sys.argv[3])
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
    print(json.dumps({"tickets": tickets, "seconds": seconds, "peak_mib": peak}))
