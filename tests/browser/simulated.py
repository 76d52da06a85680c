"""An empty application beside a simulated help desk and tracker, over real HTTP."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from integrations.simulators import SIMULATORS
from integrations.simulators.scenario import build_world
from integrations.simulators.serve import serve
from tests.browser.worlds import World, bare_world

TEAMS = Path(__file__).parents[2] / "integrations/simulators/data/teams.yaml"


@dataclass(frozen=True)
class Outside:
    """An application, and where its two sources are with what opens them."""

    world: World
    zendesk: dict[str, str]
    github: dict[str, str]


@contextlib.contextmanager
def simulated_world(file: Path, *, tickets: int, bugs: int) -> Iterator[Outside]:
    """Serve all three; nothing is connected yet."""
    now = datetime.now(UTC)
    world = build_world(11, start=now - timedelta(days=1), tickets=tickets, bugs=bugs)
    common: Any = {"world": world, "lag_seconds": 0, "incremental_per_minute": 10_000}
    with contextlib.ExitStack() as stack:
        app, tracker = SIMULATORS["github"](**common)
        github = stack.enter_context(serve(app))
        app, desk = SIMULATORS["zendesk"](**common, tracker_url=github)
        zendesk = stack.enter_context(serve(app))
        hosts = frozenset({urlsplit(github).netloc, urlsplit(zendesk).netloc})
        served = stack.enter_context(bare_world(file, allowed_private_hosts=hosts))
        yield Outside(served, {**desk, "base_url": zendesk}, {**tracker, "base_url": github})
