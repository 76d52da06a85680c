"""The simulated account over real HTTP, with a clock that moves when somebody waits."""

from collections import deque
from contextlib import contextmanager
from datetime import datetime, timedelta

from integrations.contract import Surroundings
from integrations.simulators.faults import Faults
from integrations.simulators.scenario import build_world
from integrations.simulators.serve import serve
from integrations.simulators.zendesk.app import create
from integrations.simulators.zendesk.site import BUG_FIELD, Settings
from integrations.zendesk import Zendesk
from tests.integrations.given import NOON


class Time:
    """A clock, a sleep and a limiter of one time, which only waiting moves."""

    def __init__(self):
        self.now = NOON
        self.taken: deque[datetime] = deque()

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += timedelta(seconds=seconds)

    def wait(self, bucket, per_minute):
        while self.taken and self.taken[0] <= self.now - timedelta(seconds=61):
            self.taken.popleft()
        if len(self.taken) >= per_minute:
            self.now = self.taken.popleft() + timedelta(seconds=61)
        self.taken.append(self.now)


class Account:
    """A world, its simulator's counters, and a connector for its address."""

    def __init__(self, *, faults="", tickets=300, **settings):
        self.time = Time()
        self.world = build_world(3, start=NOON - timedelta(days=5), tickets=tickets)
        self.world.advance(NOON - timedelta(seconds=120))
        self.settings = Settings(self.time, **settings)
        app, account = create(self.world, self.settings)
        self.tokens, self.counters = account.tokens, account.site.counters
        self.app = Faults(app, faults, 5, self.counters) if faults else app

    @contextmanager
    def open(self, **options):
        with serve(self.app) as url:
            around = Surroundings(
                limiter=self.time,
                now=self.time,
                sleep=self.time.sleep,
                private_hosts=frozenset({url.removeprefix("http://")}),
            )
            given = {
                "base_url": url,
                "client_id": self.settings.client_id,
                "client_secret": self.settings.client_secret,
                "arr_field": "arr",
                "bug_field": BUG_FIELD,
            }
            zendesk = Zendesk(given | options, around, total_seconds=10.0)
            try:
                yield zendesk
            finally:
                zendesk.close()

    def truth(self, noun="tickets"):
        return {str(row["id"]): row for row in self.world.dump()[noun]}
