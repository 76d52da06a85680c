"""A fictional company's support life on a timeline that a driver or a server moves forward."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from integrations.simulators.changes import KINDS
from integrations.simulators.customers import Crowd
from integrations.simulators.model import Bug, Planned, Ticket
from integrations.simulators.sprint import LENGTH
from integrations.simulators.store import Store


class World:
    """Everything the two simulated systems hold, and what is still to happen.

    Labelled SYNTHETIC: customers, people and tickets are made up; the bugs are real reports.
    """

    def __init__(self, seed: int, start: datetime) -> None:
        self.seed, self.start, self.end = seed, start, start + LENGTH
        self.store = Store(seed, start)
        self._planned: list[Planned] = []
        self._next = 0

    def settle(self, crowd: Crowd, bugs: list[Bug]) -> None:
        """Move the customers, agents and bugs in."""
        store = self.store
        store.organizations = {one.id: one for one in crowd.organizations}
        store.agents = crowd.agents
        everybody = [*crowd.agents, *crowd.people, *crowd.strangers]
        store.people = {one.id: one for one in everybody}
        store.bugs = {bug.id: bug for bug in bugs}

    def schedule(self, events: Iterable[Planned]) -> None:
        """Add changes to come; what has happened stays."""
        with self.store.lock:
            waiting = self._planned[self._next :]
            self._planned = sorted([*waiting, *events])
            self._next = 0

    def advance(self, to: datetime, stamp: datetime | None = None) -> int:
        """Let everything planned up to `to` happen, stamped at most `stamp`; tells how much."""
        done = 0
        with self.store.lock:
            while self._next < len(self._planned) and self._planned[self._next].at <= to:
                event = self._planned[self._next]
                self._next += 1
                done += 1
                KINDS[event.kind](self.store, event, min(event.at, stamp or event.at))
        return done

    def upcoming(self) -> Sequence[Planned]:
        """What is still to happen, soonest first."""
        with self.store.lock:
            return self._planned[self._next :]

    def dump(self) -> dict[str, Any]:
        """The truth, for comparing: all tickets and customers, and which bugs a ticket is about."""
        with self.store.lock:
            tickets = sorted(self.store.tickets.values(), key=lambda ticket: ticket.id)
            organizations = sorted(self.store.organizations.values(), key=lambda one: one.id)
            return {
                "tickets": [_ticket_truth(ticket) for ticket in tickets],
                "organizations": [
                    {
                        "id": one.id,
                        "name": one.name,
                        "plan": one.plan,
                        "arr": one.arr,
                        "renewal": one.renewal.isoformat() if one.renewal else None,
                        "domains": list(one.domains),
                    }
                    for one in organizations
                ],
                "truth": {str(one.id): list(self.store.truth[one.id]) for one in tickets},
            }

    def write_truth(self, folder: Path) -> Path:
        """Write `truth.jsonl`: a line per ticket, also of those to come, with its bugs."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "truth.jsonl"
        rows = [{"ticket": key, "bugs": list(bugs)} for key, bugs in self.store.truth.items()]
        path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
        return path


def _time(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def _ticket_truth(ticket: Ticket) -> dict[str, Any]:
    return {
        "id": ticket.id,
        "status": ticket.status,
        "tags": sorted(ticket.tags),
        "subject": ticket.subject,
        "updated_at": _time(ticket.updated_at),
        "created_at": _time(ticket.created_at),
        "solved_at": _time(ticket.solved_at),
        "organization_id": ticket.organization,
        "problem_id": ticket.problem,
        "type": ticket.type,
        "priority": ticket.priority,
    }
