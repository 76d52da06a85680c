"""One simulated Zendesk account: its settings, tokens, jobs and the request a handler sees."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from starlette.datastructures import QueryParams

from integrations.simulators.answers import Refused
from integrations.simulators.counters import Counters
from integrations.simulators.model import Person, Ticket
from integrations.simulators.store import Store
from integrations.simulators.world import World

BUG_FIELD = 36_000_001
AREA_FIELD = 36_000_002
SEATS_FIELD = 36_000_003
BRAND = 33_000_000_000_001
FORM = 33_000_000_000_002


@dataclass(slots=True)
class Settings:
    """How the account behaves; the defaults are a new account of the Enterprise plan."""

    now: Callable[[], datetime]
    base_url: str | None = None
    client_id: str = "bugsprint-connector"
    client_secret: str = "simulated-client-secret"  # noqa: S105 (opens only the simulator)
    email: str = "agent0@support.example"
    api_token: str = "simulated-api-token"  # noqa: S105
    codes: set[str] = field(default_factory=lambda: {"one-time-code"})
    allowed_scopes: str = "read write tickets:write webhooks:write"
    token_status: int = 200
    access_seconds: int = 1800
    refresh_seconds: int = 30 * 86_400
    lag_seconds: int = 60
    incremental_per_minute: int = 10
    account_per_minute: int = 700
    updates_per_minute: int = 100
    updates_per_ticket: int = 30
    limit_body: Literal["json", "text", "edge", "cycle"] = "json"
    retry_after: Literal["seconds", "zero", "absent"] = "seconds"
    csat: Literal["legacy", "survey"] = "legacy"
    most_jobs: int = 30
    live: bool = False


@dataclass(slots=True)
class Site:
    """The account."""

    world: World
    settings: Settings
    counters: Counters = field(default_factory=Counters)
    jobs: dict[str, Any] = field(default_factory=dict)
    _order: list[tuple[int, int]] = field(default_factory=list)
    _order_version: int = -1
    _events: list[tuple[int, int]] = field(default_factory=list)
    _events_version: int = -1

    @property
    def store(self) -> Store:
        """The rows."""
        return self.world.store

    def now(self) -> datetime:
        """The account's clock, without fractions of a second."""
        return self.settings.now().replace(microsecond=0)

    def export_order(self) -> list[tuple[int, int]]:
        """(generated stamp, id) of all tickets, ascending."""
        if self._order_version != self.store.version:
            self._order = sorted((one.generated, one.id) for one in self.store.tickets.values())
            self._order_version = self.store.version
        return self._order

    def event_order(self) -> list[tuple[int, int]]:
        """(epoch seconds, place in the log) of the events of all tickets that are not deleted."""
        if self._events_version != self.store.version:
            gone = {one.id for one in self.store.tickets.values() if one.status == "deleted"}
            self._events = sorted(
                (int(one.at.timestamp()), place)
                for place, one in enumerate(self.store.log)
                if one.ticket not in gone
            )
            self._events_version = self.store.version
        return self._events


@dataclass(slots=True)
class Ask:
    """One request as a handler sees it."""

    site: Site
    query: QueryParams
    path: dict[str, str]
    body: Any
    user: Person
    base: str
    address: str

    @property
    def store(self) -> Store:
        """The rows."""
        return self.site.store

    def url(self, path: str) -> str:
        """An absolute address that the caller can reach."""
        return f"{self.base}/api/v2/{path}"

    def includes(self) -> set[str]:
        """The sideloads asked for."""
        return {part.strip() for part in self.query.get("include", "").split(",")}

    def number(self, name: str) -> int:
        """An id in the path; anything but digits is not found."""
        text = self.path[name]
        if not text.isdigit():
            raise not_found()
        return int(text)

    def ticket(self) -> Ticket:
        """The ticket in the path; a deleted one is not found."""
        found = self.store.tickets.get(self.number("id"))
        if found is None or found.status == "deleted":
            raise not_found()
        return found

    def need_admin(self) -> None:
        """Refuse anybody but an administrator."""
        if self.user.role != "admin":
            raise Refused(403, FORBIDDEN)


FORBIDDEN = {
    "error": {"title": "Forbidden", "message": "You do not have access to this page."},
}


def not_found() -> Refused:
    """The usual answer for an absent record."""
    return Refused(404, {"error": "RecordNotFound", "description": "Not found"})


def invalid(description: str) -> Refused:
    """A parameter that cannot be used."""
    return Refused(400, {"error": "InvalidValue", "description": description})
