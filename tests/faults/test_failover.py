"""The primary dies while people claim; the standby takes over, and nothing acknowledged is lost."""

import signal
import threading
import time

import httpx
import pytest
from sqlmodel import Session, select

from app.actions import people
from app.config import Settings
from app.core.vocabulary import ItemState, Phase
from app.db.engine import open_engine
from app.db.health import replication
from app.db.models import SprintItem
from app.db.schema import upgrade
from app.main import Running, create_app
from tests import make
from tests.faults.pair import HAS_PAIR, pair, wait_until
from tests.make import DAWN
from tests.sizes import NIGHTLY
from tests.web.serving import served

pytestmark = pytest.mark.skipif(
    not HAS_PAIR, reason="PostgreSQL's server programs with pg_basebackup are not installed"
)
BUGS, FIRST_CLAIMS, RECONNECT_SECONDS = 400, 20, 10


def prepared(url):
    """Fill a database with bugs to claim; returns a program's token."""
    engine = open_engine(url)
    upgrade(engine)
    with Session(engine) as db:
        make.team(db)
        found = [make.bug(db, f"Export {number} hangs") for number in range(BUGS)]
        make.sprint(db, *found, phase=Phase.run)
        token = people.create_token(db, "load", scopes=["bug.claim", "board.read"], at=DAWN)
    engine.dispose()
    return token


class Claimer(threading.Thread):
    """Claims one bug after the other, each until it is acknowledged or known to be taken."""

    def __init__(self, url, token):
        super().__init__()
        self.client = httpx.Client(
            base_url=url, headers={"authorization": f"Bearer {token}"}, trust_env=False, timeout=60
        )
        self.ended, self.acknowledged, self.moments = threading.Event(), [], []
        self.answers = set()

    def run(self):
        with self.client:
            for bug in range(1, BUGS + 1):
                if self._claimed(bug) or self.ended.is_set():
                    return

    def _claimed(self, bug):
        while not self.ended.is_set():
            answer = self.client.post(f"/api/v1/bugs/{bug}/claim", json={"team_id": 1})
            self.answers.add((answer.status_code, answer.json().get("type")))
            if answer.status_code == 200:
                self.acknowledged.append(bug)
                self.moments.append(time.monotonic())
            if answer.status_code < 500:
                return False
            time.sleep(0.1)
        return True


def claimed(engine):
    with Session(engine) as db:
        taken = SprintItem.state == ItemState.claimed
        return set(db.exec(select(SprintItem.bug_id).where(taken)))


def told(url):
    engine = open_engine(url)
    found = list(replication(engine))
    engine.dispose()
    return found


def test_a_synchronous_standby_has_every_acknowledged_claim_and_the_application_goes_on():
    with pair(synchronous=True) as servers:
        token = prepared(servers.url)
        [(state, line)] = told(servers.url)
        assert (state, "synchronous standby" in line) == ("ok", True)
        app = create_app(
            Settings(database_url=servers.url), Running(jobs=False, clock=lambda: DAWN)
        )
        with served(app) as (address, _, _):
            claimer = Claimer(address, token)
            claimer.start()
            wait_until(lambda: len(claimer.acknowledged) >= FIRST_CLAIMS, "nobody claims")
            servers.fail_over()
            promised, back = list(claimer.acknowledged), time.monotonic()
            wait_until(
                lambda: len(claimer.acknowledged) >= len(promised) + 5, "it does not come back"
            )
            claimer.ended.set()
            claimer.join()
            kept = claimed(app.state.engine)
    assert len(promised) >= FIRST_CLAIMS
    assert set(claimer.acknowledged) - kept == set()
    assert claimer.answers <= {(200, None), (503, "away"), (409, "conflict")}
    first = next(moment for moment in claimer.moments if moment > back)
    print(f"{len(promised)} claims acknowledged, 0 lost; back after {first - back:.1f} s")
    assert first - back <= RECONNECT_SECONDS


@pytest.mark.skipif(not NIGHTLY, reason="what may be lost is shown with `make nightly` only")
def test_an_asynchronous_standby_may_lose_claims_and_the_doctor_says_so():
    with pair(synchronous=False) as servers:
        token = prepared(servers.url)
        position = servers.primary.ask("SELECT pg_current_wal_lsn()")[0][0]
        wait_until(
            lambda: servers.standby.ask(f"SELECT pg_last_wal_replay_lsn() >= '{position}'")[0][0],
            "the standby does not follow",
        )
        [(state, line)] = told(servers.url)
        assert (state, "only asynchronous standbys" in line) == ("warn", True)
        servers.standby.stop()  # as when the network between the two is cut
        app = create_app(
            Settings(database_url=servers.url), Running(jobs=False, clock=lambda: DAWN)
        )
        with served(app) as (address, _, _):
            claimer = Claimer(address, token)
            claimer.start()
            wait_until(lambda: len(claimer.acknowledged) >= FIRST_CLAIMS, "nobody claims")
            claimer.ended.set()
            claimer.join()
        servers.primary.signal(signal.SIGKILL)
        servers.standby.start(hot_standby="on")
        servers.standby.run("pg_ctl", "-D", servers.standby.data, "-w", "promote")
        engine = open_engine(servers.url)
        lost = set(claimer.acknowledged) - claimed(engine)
        engine.dispose()
    assert len(lost) == len(claimer.acknowledged) >= FIRST_CLAIMS
