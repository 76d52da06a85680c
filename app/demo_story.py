"""What happens in the demo, told through the same actions that people use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from app.actions import claims, people, plans, rankings, sources, teams
from app.actions.connect import Connect
from app.actions.sync import Sync
from app.actions.vault import Vault
from app.config import Settings
from app.core.errors import AppError
from app.core.vocabulary import Role
from app.db.queries import bugs, sprints
from app.db.queries import sources as stored
from app.db.queries import teams as roster
from integrations.simulators import scenario
from integrations.simulators.model import Planned
from integrations.simulators.world import World

ROSTER = Path(scenario.__file__).parent / "data" / "teams.yaml"
NAME = "Autumn customer sprint"
PEOPLE = (
    ("vic.viewer@demo.example", "Vic Viewer", Role.viewer, None),
    ("farah.n@demo.example", "Farah N.", Role.engineer, "mail"),
    ("sam.support@demo.example", "Sam Support", Role.support_lead, None),
    ("eve.exec@demo.example", "Eve Exec", Role.exec, None),
    ("adi.admin@demo.example", "Adi Admin", Role.admin, None),
)


@dataclass(frozen=True)
class Wiring:
    """Where the simulated systems are, and our settings."""

    urls: Mapping[str, tuple[str, Mapping[str, str]]]
    settings: Settings


@dataclass
class StoppableClock:
    """The simulated company's time; it stands at a moment until the story has caught up."""

    at: datetime | None = None

    def __call__(self) -> datetime:
        """Tell the time there."""
        return self.at or datetime.now(UTC)


@dataclass
class Story:
    """The company's sprint: its first five days at once, the rest bit by bit."""

    engine: Engine
    world: World
    clock: StoppableClock
    wiring: Wiring
    say: Callable[[str], None]

    def tell(self, start: datetime, now: datetime, *, days: int) -> None:
        """Bring the company to where it is now."""
        monday = start + timedelta(hours=8)
        self.say("Demo: bugs are real (SeaMonkey, CC BY 4.0); customers and tickets are SYNTHETIC.")
        self._people(monday)
        self._sources(monday)
        self.say("Reading the tracker and the help desk as they were on the first morning …")
        self.sync()
        slug = self._sprint(monday, days)
        self.say("Playing the first days: claims, fixes, tickets …")
        self.play(now, now)
        self.clock.at = None
        self.sync()
        self._rank()
        self.say(f"Day 6 of {days}: /s/{slug}/board")

    def play(self, until: datetime, now: datetime) -> None:
        """Let everything planned until a moment happen; engineers claim what they take up."""
        for event in self.world.upcoming():
            if event.at > until:
                break
            if event.kind == "issue.assigned":
                self._claim(event, min(event.at, now))
        self.world.advance(until, stamp=now)

    def sync(self) -> None:
        """Read both systems."""
        key = self.wiring.settings.secret_key
        assert key is not None
        hosts = self.wiring.settings.allowed_private_hosts
        connect = Connect(self.engine, Vault(key.get_secret_value()), self.clock, hosts)
        with Session(self.engine) as db:
            wanted = [source for source in stored.sources(db) if not source.paused]
        for source in wanted:
            connector = connect.to(source)
            assert source.id is not None
            outcome = Sync(self.engine, source.id, connector, connect.vault, self.clock).run()
            connector.close()
            self.say(f"  {source.name}: {outcome.failed or f'{outcome.kept:,} records'}")

    def _rank(self) -> None:
        with Session(self.engine) as db:
            rankings.rerank(db, actor="Bugsprint", at=self.clock())

    def _people(self, at: datetime) -> None:
        with Session(self.engine) as db:
            teams.import_teams(db, ROSTER.read_text(encoding="utf-8"), actor="Adi Admin", at=at)
            for email, name, role, team in PEOPLE:
                people.add_demo_user(db, email, name=name, role=role, team=team, at=at)

    def _sources(self, at: datetime) -> None:
        key = self.wiring.settings.secret_key
        assert key is not None
        vault = Vault(key.get_secret_value())
        for kind, (url, given) in self.wiring.urls.items():
            secret = {name: given[name] for name in ("client_secret", "token") if name in given}
            plain: dict[str, object] = {"base_url": url, "requests_per_minute": 600}
            plain |= {name: value for name, value in given.items() if name not in secret}
            new = sources.NewSource(kind, kind, plain, secret)
            with Session(self.engine) as db:
                sources.add(db, new, vault=vault, actor="Adi Admin", at=at)

    def _sprint(self, at: datetime, days: int) -> str:
        ends_on = at.date() + timedelta(days=days - 1)
        new = plans.NewSprint(NAME, at.date(), ends_on, demo=True)
        with Session(self.engine) as db:
            slug = plans.create(db, new, actor="Sam Support", at=at)
            plans.commit(db, slug, actor="Sam Support", at=at)
        return slug

    def _claim(self, event: Planned, at: datetime) -> None:
        with Session(self.engine) as db:
            for bug_id in bugs.bug_named(db, f"bug-{event.subject}"):
                who = self._somebody(db, bug_id, event.subject)
                try:
                    claims.claim(db, bug_id, team_id=None, actor=who, at=at)
                except AppError:
                    db.rollback()  # outside the plan, or somebody else was quicker: as in life

    def _somebody(self, db: Session, bug_id: int, number: int) -> str:
        """Return a member of the team that has the bug; always the same one for a bug."""
        items = sprints.live_items(db, [bug_id])
        team = [m.name for m in roster.members(db) if items and m.team_id == items[0].team_id]
        return team[number % len(team)] if team else "Somebody"
