"""One simulated repository: its settings and pull requests, and who may do what."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from integrations.simulators.chance import some, stream
from integrations.simulators.counters import Counters
from integrations.simulators.model import Bug
from integrations.simulators.store import Store
from integrations.simulators.world import World

REPO_ID = 730_241
FIRST_PULL = 90_000_001
WALL = 10_000


@dataclass(slots=True)
class Settings:
    """How the host behaves."""

    now: Callable[[], datetime]
    base_url: str | None = None
    owner: str = "mozilla-demo"
    repo: str = "seamonkey"
    token: str = "simulated-github-token"  # noqa: S105 (opens only the simulator)
    can_read: bool = True
    can_write: bool = True
    per_hour: int = 5000
    live: bool = False


@dataclass(slots=True)
class Repository:
    """The world's bugs as one repository's issues, with some pull requests between them."""

    world: World
    settings: Settings
    counters: Counters = field(default_factory=Counters)
    pulls: dict[int, Bug] = field(default_factory=dict)
    used: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pulls = make_pulls(self.world)

    @property
    def store(self) -> Store:
        """The rows."""
        return self.world.store

    def now(self) -> datetime:
        """The host's clock, whole seconds."""
        return self.settings.now().replace(microsecond=0)

    def shown(self) -> list[Bug]:
        """Everything in the issue list: bugs that are still there, and pull requests."""
        bugs = [bug for bug in self.store.bugs.values() if bug.gone is None]
        return bugs + list(self.pulls.values())

    def find(self, number: int) -> Bug | None:
        """An issue or pull request by number, also one that is gone."""
        return self.store.bugs.get(number) or self.pulls.get(number)


def make_pulls(world: World) -> dict[int, Bug]:
    """About one pull request for twenty-five bugs."""
    chance = stream(world.seed, "pulls")
    found: dict[int, Bug] = {}
    for bug in world.store.bugs.values():
        if not some(chance, 0.04):
            continue
        number = FIRST_PULL + len(found)
        created = bug.created_at + timedelta(days=chance.randint(1, 30))
        found[number] = Bug(
            id=number,
            title=f"Work on #{bug.id}",
            body=f"Refs #{bug.id}",
            reporter="contributor",
            area=bug.area,
            labels=[],
            created_at=created,
            updated_at=created,
            open=False,
            closed_at=created,
            is_pull=True,
        )
    return found
