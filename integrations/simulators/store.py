"""What the fictional company's two systems hold, and how a change is stamped and logged."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from threading import RLock

from integrations.simulators.chance import stream
from integrations.simulators.model import (
    SYSTEM,
    Bug,
    Comment,
    Organization,
    Person,
    Rating,
    Ticket,
    TicketEvent,
)

REPOSITORY = "mozilla-demo/seamonkey"
FIRST_EVENT = 39_000_000_000_000


@dataclass(slots=True)
class Triage:
    """What an agent adds when first answering: references to the bug, and a private note."""

    tags: list[str] = field(default_factory=list)
    bug_field: str | None = None
    problem: int | None = None
    note_on_bug: int | None = None
    answer: str = ""


class Store:
    """All rows.  Whoever reads or writes from another thread holds `lock`."""

    def __init__(self, seed: int, start: datetime) -> None:
        self.seed, self.start = seed, start
        self.lock = RLock()
        self.organizations: dict[int, Organization] = {}
        self.people: dict[int, Person] = {}
        self.agents: list[Person] = []
        self.tickets: dict[int, Ticket] = {}
        self.bugs: dict[int, Bug] = {}
        self.ratings: list[Rating] = []
        self.log: list[TicketEvent] = []
        self.truth: dict[int, tuple[int, ...]] = {}
        self.unborn: dict[int, Ticket] = {}
        self.problems: set[int] = set()
        self.triages: dict[int, Triage] = {}
        self.jira_links: list[dict[str, object]] = []
        self.tracker_url = "https://github.com"
        self.version = 0
        self.served = (0, 0)
        self.events_served = self.bugs_served = start.replace(year=1970)
        self.chance: Random = stream(seed, "life")

    def bug_url(self, number: int) -> str:
        """Where the tracker shows a bug."""
        return f"{self.tracker_url}/{REPOSITORY}/issues/{number}"

    def touch(
        self, ticket: Ticket, at: datetime, *, by: int = SYSTEM, **changes: object
    ) -> TicketEvent:
        """Stamp a change of a ticket so that no export walk under way can miss it."""
        ticket.updated_at = max(ticket.updated_at, at)
        late = ticket.id % 37 + 3 if ticket.id % 2 and at < self.start else 0
        self.bump(ticket, at + timedelta(seconds=late))
        told = max(at, self.events_served)
        event = TicketEvent(FIRST_EVENT + len(self.log), told, ticket.id, by, changes)
        self.log.append(event)
        return event

    def bump(self, ticket: Ticket, at: datetime) -> None:
        """Move only the export's own stamp, as the vendor's maintenance does."""
        stamp = max(int(at.timestamp()), ticket.generated)
        if (stamp, ticket.id) <= self.served:
            stamp = self.served[0] + 1
        ticket.generated = stamp
        self.version += 1

    def say(self, ticket: Ticket, at: datetime, *, by: int, body: str, public: bool) -> TicketEvent:
        """Add a comment and log it; the text may name a bug's address as {bug:1234}."""
        event = self.touch(ticket, at, by=by)
        event.comment = Comment(event.id, at, by, body, public)
        ticket.comments.append(event.comment)
        return event
