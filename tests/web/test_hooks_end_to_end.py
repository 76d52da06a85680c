"""The simulated vendors send, the served application takes it in, and the change shows."""

import statistics
import time
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest
from sqlmodel import Session, select

from app.actions import sources
from app.actions.connect import Connect
from app.config import Settings
from app.core.vocabulary import Role
from app.db.models import Bug, DeadLetter, Reread, Source, Ticket
from app.jobs import Jobs
from app.main import Running, create_app
from integrations.simulators.github.app import create as github_app
from integrations.simulators.github.hooks import WebhookSender as GitHubSender
from integrations.simulators.github.repo import Settings as GitHubSettings
from integrations.simulators.scenario import build_world
from integrations.simulators.serve import serve
from integrations.simulators.zendesk.app import create as zendesk_app
from integrations.simulators.zendesk.hooks import WebhookSender as ZendeskSender
from integrations.simulators.zendesk.site import Settings as ZendeskSettings
from tests.web.conftest import NOON
from tests.web.direct import BASE
from tests.web.hooking import KEY, SECRET, VAULT
from tests.web.serving import served

SETTLED = timedelta(seconds=120)


@pytest.fixture
def world():
    made = build_world(3, start=NOON - timedelta(days=5), tickets=60, bugs=630)
    made.advance(NOON - SETTLED)
    return made


@pytest.fixture
def app(database_url, clock):
    made = create_app(
        Settings(database_url=database_url, base_url=BASE, secret_key=KEY),
        Running(jobs=False, clock=clock),
    )
    yield made
    made.state.engine.dispose()


@contextmanager
def connected(engine, clock, kind, simulator, **options):
    """Serve a vendor, add it as a source, read it once; yields the jobs and its address."""
    with serve(simulator) as upstream:
        hosts = frozenset({upstream.removeprefix("http://")})
        jobs = Jobs(Connect(engine, VAULT, clock, hosts), timedelta(minutes=5))
        secret = {n: options.pop(n) for n in ("client_secret", "token") if n in options}
        new = sources.NewSource(
            kind,
            kind,
            {"base_url": upstream, "requests_per_minute": 900} | options,
            secret | {"webhook_secret": SECRET},
        )
        with Session(engine) as db:
            sources.add(db, new, vault=VAULT, actor="Adi", at=clock())
        jobs.sync_all()
        clock.now += timedelta(minutes=2)
        yield jobs, upstream


@pytest.fixture
def at_zendesk(engine, clock, world):
    settings = ZendeskSettings(clock, incremental_per_minute=1000)
    simulator, _ = zendesk_app(world, settings)
    known = {"client_id": settings.client_id, "client_secret": settings.client_secret}
    with connected(engine, clock, "zendesk", simulator, **known) as (jobs, _):
        yield jobs


def status_of(look, ticket):
    return look(select(Ticket.status).where(Ticket.external_id == str(ticket.id)))[0]


def solve(world, ticket, at):
    ticket.status, ticket.solved_at = "solved", at
    world.store.say(ticket, at, by=world.store.agents[1].id, body="Done.", public=True)


def test_a_change_at_zendesk_shows_soon_after_its_webhook(
    app, at_zendesk, world, clock, look, sign_in
):
    ticket = next(t for t in world.store.tickets.values() if t.status == "open")
    assert status_of(look, ticket) == "open"
    solve(world, ticket, clock())
    sender = ZendeskSender(SECRET, clock)
    trigger, event = sender.trigger(ticket), sender.event(ticket, "ticket.status_changed", "SOLVED")
    with served(app) as (url, _, _), httpx.Client(trust_env=False, timeout=20) as client:
        hook, took = f"{url}/hooks/zendesk", []
        for made in (event, trigger, event, trigger, sender.empty()):
            started = time.monotonic()
            assert made.send(client, hook) == 202
            took.append(time.monotonic() - started)
        assert statistics.median(took) < 1
        late = sender.signed(trigger.body, at=clock() - timedelta(seconds=600))
        for made in (late, sender.forged(ticket), sender.rehearsed(ticket)):
            assert made.send(client, hook) == 401
        poison = sender.signed(b'{"say": "hello"}')
        assert [poison.send(client, hook), poison.send(client, hook)] == [202, 202]
    assert sorted(look(select(Reread.external_id))) == sorted(["*", str(ticket.id)])
    assert len(look(select(DeadLetter.id))) == 1
    at_zendesk.follow_hints()
    assert status_of(look, ticket) == "open"
    clock.now += timedelta(seconds=66)
    at_zendesk.follow_hints()
    assert status_of(look, ticket) == "solved"
    assert look(select(Reread.external_id)) == []
    assert "but not understood: It names no ticket" in sign_in(Role.admin).get("/sources").text


def test_a_change_at_github_shows_at_once_and_a_deleted_issue_is_asked_for(
    app, engine, world, clock, look
):
    simulator, host = github_app(world, GitHubSettings(clock))
    known = {name: getattr(host.repo.settings, name) for name in ("owner", "repo", "token")}
    shown = [bug for bug in world.store.bugs.values() if bug.gone is None and bug.open]
    fixed, deleted = shown[0], shown[1]
    with connected(engine, clock, "github", simulator, **known) as (jobs, upstream):
        sender = GitHubSender(SECRET, host.repo, upstream)
        fixed.open, fixed.reason = False, "completed"
        fixed.closed_at = fixed.updated_at = clock()
        told = sender.issue(deleted, "deleted")
        deleted.gone = "deleted"
        with served(app) as (url, _, _), httpx.Client(trust_env=False, timeout=20) as client:
            hook = f"{url}/hooks/github"
            assert sender.ping().send(client, hook) == 202
            assert told.send(client, hook) == 202
            assert sender.forged(fixed).send(client, hook) == 401
            closed = sender.issue(fixed, "closed")
            assert [closed.send(client, hook) for _ in range(2)] == [202, 202]
        assert len(look(select(Reread.external_id))) == 2
        jobs.follow_hints()
    states = {bug.key.rpartition("#")[2]: bug for bug in look(select(Bug))}
    assert states[str(fixed.id)].resolution == "fixed"
    assert states[str(deleted.id)].visibility == "deleted"
    assert look(select(Reread.external_id)) == []
    assert look(select(Source.hook_verdict)) == ["verified"]
