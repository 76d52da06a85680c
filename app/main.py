"""Put the parts together.  The only module that knows them all."""

import asyncio
import gc
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Thread
from types import FrameType, ModuleType

import anyio.to_thread
import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute

from app import lines
from app.actions import erasing
from app.actions.connect import Connect
from app.actions.limits import SharedLimiter
from app.actions.repeats import InHand
from app.actions.starting import Starter
from app.actions.vault import Vault
from app.config import Settings
from app.core.errors import Invalid
from app.db.engine import open_engine, read_only
from app.db.queries.standing import Glance, Glances
from app.db.upgrading import bring_up
from app.jobs import Jobs
from app.web import errors, openapi
from app.web.assets import Assets, edition
from app.web.badges import good_badges
from app.web.desk import cookie_name
from app.web.frames import renderer
from app.web.guards import Guards
from app.web.kept import KeptPages
from app.web.live import Broadcast
from app.web.proxies import Proxies
from app.web.routes import (
    account,
    board,
    bugs,
    bulk,
    connecting,
    estimates,
    hooks,
    letters,
    lists,
    outbox,
    palette,
    people,
    plans,
    policies,
    privacy,
    provider,
    reports,
    second_factor,
    sources,
    staff,
    teams,
    tickets,
    tv,
    undo,
    views,
)
from app.web.routes import audit as record
from app.web.warm import WarmPages
from integrations.contract import Surroundings
from integrations.oidc.provider import Provider

THREADS = 4
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
STOP_SECONDS = 3
MISSED = 3
"""So many readings may be missed before a source's data is called old."""
ROUTES = (
    bulk,
    bugs,
    lists,
    board,
    views,
    palette,
    undo,
    estimates,
    tickets,
    teams,
    plans,
    policies,
    reports,
    connecting,
    sources,
    letters,
    hooks,
    outbox,
    tv,
    people,
    provider,
    second_factor,
    account,
    staff,
    record,
    privacy,
)
"""In the order in which addresses are tried, so that what is asked all day comes first."""


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Running:
    """How this process runs: in the demo, with or without its own jobs, and whose time it keeps."""

    demo: bool = False
    jobs: bool = True
    clock: Callable[[], datetime] = utc_now


def create_app(settings: Settings, running: Running | None = None) -> FastAPI:
    """Build the web application for these settings."""
    how = running or Running()
    engine = open_engine(settings.database_url)
    connect = Connect(
        engine, Vault(*settings.secret_keys), how.clock, settings.allowed_private_hosts
    )
    jobs = Jobs(connect, timedelta(seconds=settings.sync_seconds))
    app = FastAPI(
        title="Bugsprint",
        version="0.1.0",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(engine, jobs, how),
    )
    _know(app, settings, engine, connect, how)
    app.state.starter = Starter(connect, jobs.read_now, jobs.rank_first)
    app.state.sync_every = jobs.sync_every
    app.state.scrub_soon = _scrub_soon(engine)
    errors.install(app)
    _know_provider(app, settings, engine, how)
    openapi.describe(app, cookie_name(settings.base_url))
    # As they were declared: to include a router builds each of its routes a second time, at the
    # first request, which then waits a tenth of a second for it.
    app.router.routes += [route for module in ROUTES for route in _routes(module)]
    app.mount("/static", GZipMiddleware(Assets(), minimum_size=500))
    _keep_warm(app, settings, how)
    proxies = Proxies(settings.trusted_proxies, settings.identity_header)
    below = app.state.hsts_subdomains = settings.hsts_subdomains
    app.add_middleware(Guards, base_url=settings.base_url, proxies=proxies, below=below)
    return app


def _routes(module: ModuleType) -> Iterator[BaseRoute]:
    for name in ("api", "pages"):
        if hasattr(module, name):
            yield from getattr(module, name).routes


def _know(app: FastAPI, settings: Settings, engine: Engine, connect: Connect, how: Running) -> None:
    app.state.engine = engine
    app.state.reading = read_only(engine)
    app.state.connect = connect
    app.state.clock = how.clock
    app.state.demo = how.demo
    app.state.scheduler = None
    app.state.base_url = settings.base_url
    app.state.second_factor = settings.second_factor
    app.state.patience = MISSED * timedelta(seconds=settings.sync_seconds)
    app.state.pages = KeptPages()
    app.state.in_hand = InHand()
    app.state.broadcast = Broadcast(
        renderer(engine, how.clock), badges=good_badges(engine, how.clock), edition=edition()
    )


def _know_provider(app: FastAPI, settings: Settings, engine: Engine, how: Running) -> None:
    around = Surroundings(
        limiter=SharedLimiter(engine),
        now=how.clock,
        sleep=time.sleep,
        private_hosts=settings.allowed_private_hosts,
    )
    client = settings.oidc_client
    app.state.provider = Provider(client, around) if client else None
    app.state.role_map = settings.oidc_role_map


def _keep_warm(app: FastAPI, settings: Settings, how: Running) -> None:
    glance = app.state.glance = Glance.at(app.state.engine)
    app.state.glances = Glances(app.state.engine) if glance else None
    if glance:
        cookie = cookie_name(settings.base_url)
        pages = app.state.pages
        app.add_middleware(WarmPages, pages=pages, glance=glance, clock=how.clock, cookie=cookie)


def _scrub_soon(engine: Engine) -> Callable[[], None]:
    def soon() -> None:
        Thread(target=erasing.scrub_now, args=(engine,), name="scrub", daemon=True).start()

    return soon


def _lifespan(engine: Engine, jobs: Jobs, how: Running) -> Lifespan:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        broadcast: Broadcast = app.state.broadcast
        beat = asyncio.create_task(broadcast.run())
        scheduler = app.state.scheduler = jobs.schedule() if how.jobs else None
        if scheduler:
            scheduler.start()
        # What is loaded by now stays: keep the collector from walking it during requests.
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 50, 50)
        yield
        broadcast.end()
        await beat
        if scheduler:
            scheduler.shutdown(wait=False)
        if app.state.glance:
            app.state.glance.close()
            app.state.glances.close()
        engine.dispose()

    return lifespan


def serve(settings: Settings, host: str, port: int, running: Running | None = None) -> int:
    """Serve until stopped.  SQLite is migrated first; PostgreSQL has to be already."""
    how = running or Running()
    if settings.secret_key is None and not how.demo:
        raise Invalid(
            "Set BUGSPRINT_SECRET_KEY to at least 16 random characters; "
            "connector secrets are encrypted with it."
        )
    app = create_app(settings, how)
    engine: Engine = app.state.engine
    said = bring_up(engine)
    lines.begin(settings.log_level)
    if said:
        logging.getLogger("bugsprint").warning(said)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level=settings.log_level,
        log_config=None,  # its lines look like ours
        access_log=False,
        timeout_graceful_shutdown=STOP_SECONDS,
        server_header=False,
        proxy_headers=False,  # the guards read them, and believe listed proxies only
    )
    Server(config, app.state.broadcast).run()
    return 0


class Server(uvicorn.Server):
    """Ends the live streams as soon as it is told to stop; they would keep it up for ever."""

    def __init__(self, config: uvicorn.Config, broadcast: Broadcast) -> None:
        super().__init__(config)
        self.broadcast = broadcast

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Let open pages go, then stop."""
        self.broadcast.end_soon()
        super().handle_exit(sig, frame)
