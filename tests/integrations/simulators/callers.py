"""A served simulator and a client that has signed in, for one test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from integrations.simulators.github.app import Host
from integrations.simulators.github.app import create as create_github
from integrations.simulators.github.repo import Settings as GitHubSettings
from integrations.simulators.scenario import build_world
from integrations.simulators.serve import serve
from integrations.simulators.world import World
from integrations.simulators.zendesk.app import Account
from integrations.simulators.zendesk.app import create as create_zendesk
from integrations.simulators.zendesk.site import Settings as ZendeskSettings
from integrations.sockets import trusted

START = datetime(2026, 11, 2, 8, tzinfo=UTC)
ROOMY = {
    "incremental_per_minute": 10_000,
    "account_per_minute": 100_000,
    "updates_per_minute": 10_000,
    "updates_per_ticket": 10_000,
}


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Zendesk:
    account: Account
    client: httpx.Client
    clock: Clock
    url: str

    def get(self, path: str, **params: Any) -> Any:
        answer = self.client.get(f"/api/v2/{path}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def walk(self, **params: Any) -> Iterator[dict[str, Any]]:
        """All pages of the ticket export from a start."""
        page = self.get("incremental/tickets/cursor.json", **params)
        yield page
        while not page["end_of_stream"]:
            page = self.client.get(page["after_url"]).json()
            yield page

    def exported(self, **params: Any) -> list[dict[str, Any]]:
        return [row for page in self.walk(start_time=0, **params) for row in page["tickets"]]

    def open_ticket(self) -> int:
        tickets = self.account.site.store.tickets.values()
        return next(one.id for one in tickets if one.status == "open")


@dataclass
class GitHub:
    host: Host
    client: httpx.Client
    clock: Clock
    url: str


def sign_in(client: httpx.Client, settings: ZendeskSettings, **more: Any) -> dict[str, Any]:
    asked = {
        "grant_type": "client_credentials",
        "client_id": settings.client_id,
        "client_secret": settings.client_secret,
        "scope": "read write",
    }
    answer = client.post("/oauth/tokens", json=asked | more)
    told: dict[str, Any] = answer.json()
    return {"status": answer.status_code} | told


def small_world(tickets: int = 120, seed: int = 3) -> World:
    return build_world(seed, start=START, tickets=tickets)


@contextmanager
def zendesk(
    world: World | None = None, at: datetime | None = None, **settings: Any
) -> Iterator[Zendesk]:
    clock = Clock(at or START + timedelta(hours=1))
    made = ZendeskSettings(clock, **(ROOMY | settings))
    app, account = create_zendesk(world or small_world(), made)
    with serve(app) as url, httpx.Client(base_url=url, trust_env=False, verify=trusted()) as client:
        client.headers["authorization"] = f"Bearer {sign_in(client, made)['access_token']}"
        yield Zendesk(account, client, clock, url)


@contextmanager
def github(world: World | None = None, **settings: Any) -> Iterator[GitHub]:
    clock = Clock(START + timedelta(hours=1))
    made = GitHubSettings(clock, **settings)
    app, host = create_github(world or small_world(), made)
    with serve(app) as url, httpx.Client(base_url=url, trust_env=False, verify=trusted()) as client:
        client.headers["authorization"] = f"Bearer {made.token}"
        yield GitHub(host, client, clock, url)
