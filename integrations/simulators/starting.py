"""Starts a simulator from the command's options: a world, an application, its credentials."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypedDict, Unpack

from starlette.types import ASGIApp

from integrations.simulators.counters import Counters
from integrations.simulators.faults import Faults
from integrations.simulators.github import app as github_app
from integrations.simulators.github.repo import Settings as GitHubSettings
from integrations.simulators.scenario import build_world
from integrations.simulators.world import World
from integrations.simulators.zendesk import app as zendesk_app
from integrations.simulators.zendesk.site import AREA_FIELD, BUG_FIELD
from integrations.simulators.zendesk.site import Settings as ZendeskSettings

Started = tuple[ASGIApp, dict[str, str]]
SETTLED = timedelta(seconds=120)


class Options(TypedDict, total=False):
    """What a simulator may be started with; everything has a default.

    Without `start` the sprint began five days before `now` and the world is moved on to now; with
    `world` an existing one is shared and left as it is.  `tracker_url` is the base address of the
    tracker: agents' notes name bugs by their address there.
    """

    seed: int
    tickets: int
    bugs: int | None
    faults: str | None
    data: Path | str | None
    now: Callable[[], datetime] | None
    start: datetime | None
    world: World | None
    base_url: str | None
    tracker_url: str | None
    incremental_per_minute: int
    lag_seconds: int


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _world(options: Options) -> tuple[World, Callable[[], datetime]]:
    now = options.get("now") or _utc_now
    world = options.get("world")
    if world is None:
        start = options.get("start")
        world = build_world(
            options.get("seed", 7),
            start=start or now() - timedelta(days=5),
            tickets=options.get("tickets", 1800),
            bugs=options.get("bugs"),
        )
        if start is None:
            world.advance(now() - SETTLED)
    if options.get("tracker_url"):
        world.store.tracker_url = str(options["tracker_url"]).rstrip("/")
    if options.get("data"):
        world.write_truth(Path(str(options["data"])))
    return world, now


def _with_faults(app: ASGIApp, options: Options, counters: Counters) -> ASGIApp:
    spec = options.get("faults")
    return Faults(app, spec, options.get("seed", 7), counters) if spec else app


def zendesk(**options: Unpack[Options]) -> Started:
    """A Zendesk account and the options a source needs to read it."""
    world, now = _world(options)
    settings = ZendeskSettings(
        now,
        base_url=options.get("base_url"),
        incremental_per_minute=options.get("incremental_per_minute", 10),
        lag_seconds=options.get("lag_seconds", 60),
    )
    app, account = zendesk_app.create(world, settings)
    return _with_faults(app, options, account.site.counters), {
        "client_id": settings.client_id,
        "client_secret": settings.client_secret,
        "bug_field": str(BUG_FIELD),
        "area_field": str(AREA_FIELD),
        "arr_field": "arr",
        "plan_field": "plan",
        "renewal_field": "renewal_date",
    }


def github(**options: Unpack[Options]) -> Started:
    """A GitHub repository and the options a source needs to read it."""
    world, now = _world(options)
    settings = GitHubSettings(now, base_url=options.get("base_url"))
    app, host = github_app.create(world, settings)
    return _with_faults(app, options, host.repo.counters), {
        "owner": settings.owner,
        "repo": settings.repo,
        "token": settings.token,
    }
