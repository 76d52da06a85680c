"""The demo: a fictional company on day 6 of its sprint, simulated over real HTTP, moving live."""

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from pydantic import SecretStr
from rich.console import Console

from app.config import Settings
from app.db import schema
from app.db.engine import open_engine
from app.demo_story import StoppableClock, Story, Wiring
from app.main import Running, serve
from integrations.simulators import SIMULATORS
from integrations.simulators.scenario import build_world
from integrations.simulators.serve import serve as serve_simulator
from integrations.simulators.world import World

FOLDER = Path("var/demo")
SEED = 7
DAY = 6
EVERY_SECONDS = 1.0
Urls = dict[str, tuple[str, dict[str, str]]]


@dataclass
class Kept:
    """What a demo has to remember to go on where it was."""

    starts_on: str
    seed: int
    key: str
    zendesk_port: int
    github_port: int
    played_until: str


def run(
    *,
    port: int,
    days: int = 14,
    speed: float = 240.0,
    fresh: bool = False,
    folder: Path = FOLDER,
) -> int:
    """Serve the demo until stopped; `speed`: how many times faster the rest of it is played.

    At speed 0 nothing moves by itself.
    """
    with told(folder, port, days=days, fresh=fresh) as (story, kept):
        player = _Player(story, kept, folder, speed)
        if speed:
            player.start()
        story.say(f"The board is at http://127.0.0.1:{port}/ (Ctrl-C ends the demo).")
        try:
            settings = story.wiring.settings
            return serve(settings, "127.0.0.1", port, Running(demo=True, jobs=speed > 0))
        finally:
            player.stop()


@contextmanager
def told(
    folder: Path, port: int, *, days: int = 14, fresh: bool = True
) -> Iterator[tuple[Story, Kept]]:
    """Bring the company to day 6 of its sprint, and keep its systems running meanwhile."""
    now = datetime.now(UTC)
    earlier = None if fresh else _remembered(folder, now.date())
    kept = earlier or _begin_anew(folder, now)
    start = datetime.combine(date.fromisoformat(kept.starts_on), time(), UTC)
    clock = StoppableClock(None if earlier else start + timedelta(hours=8))
    world = build_world(kept.seed, start=start)
    with ExitStack() as stack:
        urls = _simulators(stack, world, clock, kept)
        story = _story(world, clock, Wiring(urls, _settings(kept, folder, port)))
        stack.callback(story.engine.dispose)
        if earlier:
            world.advance(datetime.fromisoformat(kept.played_until), stamp=now)
        else:
            story.tell(start, now, days=days)
        _remember(folder, kept)
        yield story, kept


def _simulators(stack: ExitStack, world: World, clock: StoppableClock, kept: Kept) -> Urls:
    """Start both systems on the ports they had before, so that stored addresses stay true."""
    common = {"world": world, "now": clock, "lag_seconds": 1, "incremental_per_minute": 10_000}
    app, credentials = SIMULATORS["github"](**common)  # type: ignore[arg-type]
    tracker = stack.enter_context(serve_simulator(app, kept.github_port))
    urls: Urls = {"github": (tracker, credentials)}
    app, credentials = SIMULATORS["zendesk"](**common, tracker_url=tracker)  # type: ignore[arg-type]
    urls["zendesk"] = (stack.enter_context(serve_simulator(app, kept.zendesk_port)), credentials)
    kept.github_port, kept.zendesk_port = (_port(urls[name][0]) for name in ("github", "zendesk"))
    return urls


def _story(world: World, clock: StoppableClock, wiring: Wiring) -> Story:
    engine = open_engine(wiring.settings.database_url)
    schema.upgrade(engine)
    return Story(engine, world, clock, wiring, Console(highlight=False).print)


class _Player(threading.Thread):
    """Plays what is still to come, faster than it was planned."""

    def __init__(self, story: Story, kept: Kept, folder: Path, speed: float) -> None:
        super().__init__(name="demo", daemon=True)
        self.story, self.kept, self.folder, self.speed = story, kept, folder, speed
        self.ended = threading.Event()

    def run(self) -> None:
        planned = datetime.fromisoformat(self.kept.played_until)
        while not self.ended.wait(EVERY_SECONDS):
            planned += timedelta(seconds=EVERY_SECONDS * self.speed)
            self.story.play(planned, datetime.now(UTC))
            self.kept.played_until = planned.isoformat()
            _remember(self.folder, self.kept)

    def stop(self) -> None:
        """End after the current step."""
        self.ended.set()
        if self.ident is not None:
            self.join(timeout=2)


def _settings(kept: Kept, folder: Path, port: int) -> Settings:
    hosts = {f"127.0.0.1:{kept.github_port}", f"127.0.0.1:{kept.zendesk_port}"}
    return Settings(
        database_url=f"sqlite:///{folder / 'demo.db'}",
        secret_key=SecretStr(kept.key),
        base_url=f"http://127.0.0.1:{port}",
        allowed_private_hosts=frozenset(hosts),
        sync_seconds=5,
        log_level="warning",
    )


def _remembered(folder: Path, today: date) -> Kept | None:
    """Return an earlier demo that is on the same day of its sprint today."""
    try:
        kept = Kept(**json.loads((folder / "demo.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None
    same_day = kept.starts_on == (today - timedelta(days=DAY - 1)).isoformat()
    return kept if same_day and (folder / "demo.db").exists() else None


def _begin_anew(folder: Path, now: datetime) -> Kept:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("demo.*"):
        old.unlink()
    starts_on = now.date() - timedelta(days=DAY - 1)
    return Kept(starts_on.isoformat(), SEED, secrets.token_urlsafe(32), 0, 0, now.isoformat())


def _remember(folder: Path, kept: Kept) -> None:
    (folder / "demo.json").write_text(json.dumps(asdict(kept)))


def _port(url: str) -> int:
    return int(url.rsplit(":", 1)[1])
