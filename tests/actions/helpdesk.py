"""A simulated help desk over real HTTP that counts what customers were told, and spoils answers.

Each write may be spoiled: `before` is refused by the edge, `busy` is told to wait, `after` and
`cut` are carried out although their answer is an error or never comes, `refuse` is a plain no.
"""

import asyncio
import json
from collections import Counter, deque
from contextlib import contextmanager
from datetime import timedelta

from sqlmodel import Session

from app.actions import loop, outbox
from app.actions.connect import Connect
from app.actions.sending import Sender
from app.actions.vault import Vault
from app.core.vocabulary import ItemState
from app.db.models import Source
from integrations.simulators.faults import ConnectionCut
from integrations.simulators.model import Ticket
from integrations.simulators.scenario import build_world
from integrations.simulators.serve import serve
from integrations.simulators.zendesk.app import create
from integrations.simulators.zendesk.site import Settings
from tests import make

NOON = make.DAWN + timedelta(days=3, hours=3)
VAULT = Vault("a key for tests only")
MINUTE = timedelta(minutes=1)
ROOMY = 1_000_000
SPOILS = ("before", "busy", "after", "cut")
REFUSED = {"before": 503, "busy": 429, "refuse": 422}


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now

    def move(self, span):
        self.now += span


class Spoiled:
    """Carries requests through, spoils writes as `plan` says, and notes every request."""

    def __init__(self, app):
        self.app = app
        self.plan: deque[str] = deque()
        self.done: Counter[str] = Counter()
        self.seen: list[tuple[str, str]] = []
        self.sent: list[dict] = []
        self.hold = 0.0

    async def __call__(self, scope, receive, send):
        self.seen.append((scope["method"], scope["path"]))
        if scope["method"] == "GET" or scope["path"] == "/oauth/tokens":
            await self.app(scope, receive, send)
            return
        receive = await self._overhear(receive)
        spoil = self.plan.popleft() if self.plan else ""
        self.done[spoil] += 1
        if self.hold:
            await asyncio.sleep(self.hold)
        if spoil in REFUSED:
            await _answer(send, REFUSED[spoil])
            return
        await self.app(scope, receive, send if not spoil else _nobody)
        if spoil == "after":
            await _answer(send, 502)
        elif spoil == "cut":
            start = {"type": "http.response.start", "status": 200}
            await send(start | {"headers": [(b"content-length", b"99")]})
            raise ConnectionCut

    async def _overhear(self, receive):
        message = await receive()
        self.sent.append(json.loads(message["body"]))

        async def again():
            return message

        return again

    def writes(self):
        return [each for each in self.seen if each[0] != "GET" and each[1] != "/oauth/tokens"]


async def _nobody(_message):
    """Take an answer and give it to nobody."""


async def _answer(send, status):
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b"{}"})


class HelpDesk:
    """The account, its address, and the way in."""

    def __init__(self):
        self.clock = Clock()
        self.world = build_world(3, start=NOON - timedelta(days=5), tickets=20)
        self.world.advance(NOON - timedelta(seconds=120))
        settings = Settings(
            self.clock,
            account_per_minute=ROOMY,
            updates_per_minute=ROOMY,
            updates_per_ticket=ROOMY,
        )
        app, self.account = create(self.world, settings)
        self.options = {"client_id": settings.client_id, "base_url": ""}
        self.secret = {"client_secret": settings.client_secret}
        self.door = Spoiled(app)
        self.host = ""

    @contextmanager
    def open(self):
        with serve(self.door) as url:
            self.options["base_url"], self.host = url, url.removeprefix("http://")
            yield self

    @property
    def tickets(self):
        return self.world.store.tickets

    def new_ticket(self):
        """Open a ticket of nobody in particular; returns its number."""
        store, now = self.world.store, NOON - timedelta(days=1)
        with store.lock:
            number = max([*store.tickets, *store.unborn]) + 1
            organization = next(iter(store.organizations))
            store.tickets[number] = Ticket(
                id=number, subject="It hangs", body="Help", requester=store.agents[0].id,
                organization=organization, created_at=now, updated_at=now, generated=0,
                priority=None, type=None, area=None, bug_field=None, channel="api", tags=[],
            )  # fmt: skip
            store.truth[number] = ()
        return number

    def comments(self, number, marker="BSP-"):
        """What was said on a ticket with a reference of ours."""
        with self.world.store.lock:
            return [c for c in self.tickets[int(number)].comments if marker in c.body]

    def connect(self, engine):
        hosts = frozenset({self.host})
        return Connect(engine, VAULT, self.clock, hosts, sleep=lambda _seconds: None)

    def send(self, engine):
        """One run of the sender."""
        return Sender(self.connect(engine)).run()

    def source(self, db, *live, **more) -> Source:
        given = {"options": dict(self.options), "secrets": VAULT.seal(self.secret)}
        return make.source(db, "zendesk", live=list(live), **(given | more))


def fixed(db, desk, source, customers=2, **more):
    """A fixed bug in a sprint under way, and its customers' tickets, which the desk has too."""
    bug = make.bug(db, "Export hangs", **more)
    found = []
    for place in range(customers):
        who = make.customer(db, f"Acme {place}", source_id=source.id)
        found.append(_ticket(db, source, bug, who, desk.new_ticket()))
    sprint = make.sprint(db)
    make.item(db, sprint, bug, state=ItemState.fixed, resolved_at=NOON)
    return bug, found


def _ticket(db, source, bug, who, number):
    taken = {"source_id": source.id, "customer_id": who.id, "external_id": str(number)}
    return make.ticket(db, on=bug, **taken)


def shipped(engine, bug_id, at=NOON):
    with Session(engine) as db:
        return loop.ship(db, bug_id, actor="Ana", at=at)


def approved(engine, ids, *, by="Sam", at=NOON):
    with Session(engine) as db:
        return outbox.approve(db, ids, actor=by, at=at)
