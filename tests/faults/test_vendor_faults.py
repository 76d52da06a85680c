"""Whatever a vendor's network does, syncs end by themselves, and end with the truth."""

import re
import time
from datetime import UTC, datetime

import httpx
import pytest
from sqlmodel import Session

from app.actions.sync import Sync
from app.actions.vault import Vault
from app.core.vocabulary import SourceState
from app.db.models import Source
from app.db.queries.sources import streams
from integrations.contract import Surroundings
from integrations.simulators import SIMULATORS
from integrations.simulators.serve import serve
from integrations.sockets import trusted
from integrations.zendesk import Zendesk
from tests import make
from tests.cli.desk import ROOMY
from tests.contents import rows
from tests.faults.proxy import LOGIN, NULL, OUT_OF_ORDER, SLOW_DOWN, Fault, proxied
from tests.sizes import size

LEAST_HITS = size(4, 10)
TICKETS = size(120, 400)
DEADLINE_SECONDS = 1.5
PATIENCE_SECONDS = 300
FAULTS = {
    "too many requests": Fault("answer", answer=SLOW_DOWN),
    "out of order": Fault("answer", every=2, answer=OUT_OF_ORDER),
    "a sign-in page": Fault("answer", answer=LOGIN),
    "null": Fault("answer", answer=NULL),
    "cut short": Fault("cut", size=10),
    "reset half-way": Fault("reset", size=10),
    "refused": Fault("refuse", every=2),
    "answer lost": Fault("lost"),
    "garbled": Fault("garble"),
    "late": Fault("delay", every=2, seconds=0.1),
    "drip": Fault("drip", every=8, size=8, seconds=0.2),
    "silence": Fault("silence", every=8, seconds=20),
}


class Limiter:
    def wait(self, bucket, per_minute):
        """Let everything pass at once."""


class Naps:
    """Sleeps a hundredth of what is asked, and adds up what was asked."""

    def __init__(self):
        self.asked = 0.0

    def __call__(self, seconds):
        self.asked += seconds
        time.sleep(seconds / 100)


@pytest.fixture
def database_url(empty_sqlite, tmp_path):
    """SQLite alone: a vendor's faults do not reach the database."""
    file = tmp_path / "test.db"
    file.write_bytes(empty_sqlite.read_bytes())
    return f"sqlite:///{file}"


@pytest.fixture
def desk():
    """A proxy before a simulated account with small pages, and the account's options."""
    app, known = SIMULATORS["zendesk"](tickets=TICKETS, incremental_per_minute=ROOMY)
    with serve(_small_pages(app)) as upstream, proxied(upstream) as proxy:
        yield proxy, known | {"base_url": proxy.url, "requests_per_minute": 1000}


def _small_pages(app):
    async def small(scope, receive, send):
        # Whatever is asked for: a connector that met silence asks for less by itself.
        query = re.sub(rb"per_page=\d+", b"per_page=10", scope.get("query_string", b""))
        await app({**scope, "query_string": query}, receive, send)

    return small


class Reading:
    """One source in one database, read again and again."""

    def __init__(self, engine, desk):
        self.engine, (self.proxy, self.options) = engine, desk
        self.naps = Naps()
        with Session(engine) as db:
            self.source_id = make.source(db, name="support").id

    def run(self, deadline=DEADLINE_SECONDS):
        host = self.proxy.url.removeprefix("http://")
        around = Surroundings(
            limiter=Limiter(),
            now=lambda: datetime.now(UTC),
            sleep=self.naps,
            private_hosts=frozenset({host}),
        )
        connector = Zendesk(self.options, around, total_seconds=deadline)
        vault = Vault("a key for tests only")
        try:
            return Sync(self.engine, self.source_id, connector, vault, around.now).run()
        finally:
            connector.close()

    def tickets(self):
        named = rows(self.engine, "ticket")
        assert len(named) == len(rows(self.engine, "ticket", "id"))
        with self.engine.connect() as connection:
            found = connection.exec_driver_sql("SELECT external_id, status, subject FROM ticket")
            return sorted(tuple(row) for row in found)

    def truth(self):
        dump = httpx.get(f"{self.proxy.upstream}/__dump", trust_env=False, verify=trusted()).json()
        facts = ((str(t["id"]), t["status"], t["subject"]) for t in dump["tickets"])
        return sorted(facts)


@pytest.fixture
def reading(engine, desk):
    made = Reading(engine, desk)
    yield made
    made.proxy.order(Fault("none"))


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_vendor_is_read_to_the_truth(name, reading):
    reading.proxy.order(FAULTS[name])
    runs = [reading.run() for _ in range(2)]
    assert reading.proxy.hits >= LEAST_HITS, "the fault did not land"
    assert [run.failed for run in runs] == [None, None]
    assert [run.rejected for run in runs] == [0, 0]
    assert reading.tickets() == reading.truth()
    with Session(reading.engine) as db:
        assert {each.state for each in streams(db, reading.source_id)} == {SourceState.ok}


@pytest.mark.parametrize(
    "fault",
    [Fault("refuse", every=1), Fault("silence", every=1, seconds=20)],
    ids=["refused", "silent"],
)
def test_a_dead_vendor_is_given_up_in_one_sentence_and_read_on_when_it_is_back(fault, reading):
    reading.proxy.order(fault)
    began = time.monotonic()
    failed = reading.run(deadline=0.3).failed
    assert time.monotonic() - began < PATIENCE_SECONDS / 5
    assert reading.naps.asked < PATIENCE_SECONDS
    assert reading.proxy.hits >= 3
    assert failed and failed.endswith(".") and failed.startswith("Zendesk at ")
    with Session(reading.engine) as db:
        source = db.get(Source, reading.source_id)
        assert (source.state, source.note) == (SourceState.failing, failed)
    reading.proxy.order(Fault("none"))
    assert reading.run().failed is None
    assert reading.tickets() == reading.truth()
