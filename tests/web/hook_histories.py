"""Histories of deliveries: held back, shuffled, doubled, forged, poisoned, while secrets turn.

The model is small: which deliveries were taken, which records wait to be read again, which
deliveries could not be read, and the newest version of every ticket upstream.
"""

from collections import Counter
from datetime import timedelta
from itertools import count

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlmodel import Session, select

from app.actions import rotating
from app.actions.connect import Connect
from app.db.engine import read_only
from app.db.models import DeadLetter, HookDelivery, Reread, Source, Ticket
from app.db.queries import hooks
from app.jobs import Jobs
from integrations.deliveries import Incoming
from tests.actions.sources import page_of, ticket
from tests.make import DAWN
from tests.web.hooking import SECRET, VAULT, body, delivery, post, source

POISON = [b"null", b"[]", b"{", b'{"id":"x"}', b"\xff\xfe", b'{"id":1e999}', b"[" * 5_000]
WINDOW = timedelta(seconds=300)
numbers = count(1)


class Upstream(Connect):
    """Connects to what the history says is there: every version of every ticket, shuffled."""

    history = None
    kind, noun, streams = "zendesk", "tickets", ("tickets",)

    def to(self, source):
        return self

    def pages(self, stream, position):
        versions = self.history.versions
        half = len(versions) // 2
        for some in (versions[:half], versions[half:]):
            yield page_of(*some, position="end")

    def look_up(self, known):
        yield from ()

    def close(self):
        """Be read once more."""


class Bench:
    """The served application, its clock, and what all histories together have seen."""

    def __init__(self, url, engine, clock):
        self.engine, self.clock = engine, clock
        self.client = httpx.Client(base_url=url, timeout=300, trust_env=False)
        self.upstream = Upstream(engine, VAULT, clock)
        self.jobs = Jobs(self.upstream, timedelta(minutes=5))
        self.seen = Counter()


class Histories(RuleBasedStateMachine):
    bench: Bench
    made = Bundle("made")

    @initialize(target=made)
    def begin(self):
        with Session(self.bench.engine) as db:
            self.name = source(db)
            found = db.exec(select(Source).where(Source.name == self.name)).one()
            self.source = found.id
        self.live, self.taken, self.waiting, self.letters = [SECRET], set(), set(), set()
        self.versions, self.newest = [], {}
        object.__setattr__(self.bench.upstream, "history", self)
        return self.change(0, 25, now=True)

    @rule(target=made, number=st.integers(0, 3), second=st.integers(0, 50), now=st.booleans())
    def changes(self, number, second, now):
        """A ticket changes, and its delivery is signed; it is sent now, some time, or never."""
        return self.change(number, second, now=now)

    def change(self, number, second, *, now):
        key = str(number)
        at = DAWN + timedelta(seconds=second)
        self.versions.append(ticket(key, stamp=second, at=at, subject=f"as of {second}"))
        self.newest[key] = max(second, self.newest.get(key, -1))
        return self.signed(body(key), now=now)

    @rule(target=made, raw=st.sampled_from(POISON), now=st.booleans())
    def poison(self, raw, now):
        return self.signed(raw, now=now)

    def signed(self, raw, *, now):
        secret, at = self.live[0], self.bench.clock.now
        one = delivery(at, raw, number=next(numbers), secret=secret), secret, at
        if now:
            self.hand_over(one)
        return one

    @rule(one=made)
    def send(self, one):
        """Send a delivery for the first time or once more, in time or late, in any order."""
        self.hand_over(one)

    def hand_over(self, one):
        sent, secret, at = one
        answer = post(self.bench.client, self.name, sent)
        name = sent.header("x-zendesk-webhook-invocation-id")
        if secret not in self.live or abs(self.bench.clock.now - at) > WINDOW:
            self.bench.seen["stale or signed with a secret let go"] += 1
            assert answer.status_code == 401, answer.text
            return
        state = "repeated" if name in self.taken else self.take(sent, name)
        self.bench.seen[state] += 1
        assert (answer.status_code, answer.json()) == (202, {"state": state})

    def take(self, sent, name):
        self.taken.add(name)
        if sent.body in POISON:
            self.letters.add(sent.body)
            return "unreadable"
        self.waiting.add(sent.body.split(b'"')[3].decode())
        return "accepted"

    @rule(one=made, how=st.sampled_from(["body", "signature", "stamp", "secret"]))
    def forge(self, one, how):
        sent, _, _ = one
        headers = dict(sent.headers)
        if how == "signature":
            headers["x-zendesk-webhook-signature"] = "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg="
        if how == "stamp":
            now = self.bench.clock.now + timedelta(seconds=1)
            headers["x-zendesk-webhook-signature-timestamp"] = f"{now:%Y-%m-%dT%H:%M:%SZ}"
        forged = Incoming(headers, sent.body + (b" " if how == "body" else b""))
        if how == "secret":
            forged = delivery(self.bench.clock.now, sent.body, number=next(numbers), secret="guess")
        if forged == sent:
            return
        self.bench.seen["forged"] += 1
        assert post(self.bench.client, self.name, forged).status_code == 401

    @precondition(lambda self: self.waiting or self.letters)
    @rule(seconds=st.sampled_from([1, 60, 290, 400, 90_000]))
    def wait(self, seconds):
        self.bench.clock.now += timedelta(seconds=seconds)

    @precondition(lambda self: self.waiting or self.letters)
    @rule()
    def turn_the_secret(self):
        """Begin to replace the secret, or end that."""
        given = f"the secret number {next(numbers)}"
        known = {"vault": VAULT, "actor": "Adi", "at": self.bench.clock.now}
        with Session(self.bench.engine) as db:
            if len(self.live) == 1:
                rotating.rotate(db, self.name, {"webhook_secret": given}, **known)
                self.live.insert(0, given)
            else:
                rotating.finish(db, self.name, **known)
                self.live.pop()
        self.bench.seen["turned"] += 1

    @precondition(lambda self: self.waiting)
    @rule(order=st.randoms(use_true_random=False))
    def read(self, order):
        """Follow the hints: all that waits is read, and the newest version of each stands."""
        order.shuffle(self.versions)
        self.bench.clock.now += timedelta(minutes=10)
        self.bench.jobs.follow_hints()
        self.waiting.clear()
        self.bench.seen["read"] += 1
        with Session(read_only(self.bench.engine)) as db:
            rows = db.exec(select(Ticket).where(Ticket.source_id == self.source)).all()
        stored = {row.external_id: (row.stamp, row.subject) for row in rows}
        assert stored == {key: (at, f"as of {at}") for key, at in self.newest.items()}

    def teardown(self):
        """Leave nothing behind for the next history to read."""
        with Session(self.bench.engine) as db:
            hooks.forget_waiting(db, self.source)
            db.commit()

    @invariant()
    def exactly_what_was_taken_is_noted(self):
        if not hasattr(self, "taken"):
            return
        with Session(read_only(self.bench.engine)) as db:
            found = {
                column: set(db.exec(select(column).where(table.source_id == self.source)))
                for table, column in (
                    (HookDelivery, HookDelivery.delivery_id),
                    (Reread, Reread.external_id),
                    (DeadLetter, DeadLetter.payload_hash),
                )
            }
        taken, waiting, letters = found.values()
        assert taken == self.taken
        assert waiting == self.waiting
        assert len(letters) == len(self.letters)


def histories(bench):
    """Return the machine that plays on a bench."""
    return type("Histories", (Histories,), {"bench": bench})
