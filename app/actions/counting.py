"""Read a source without storing anything: how much would come, and what of it we understand."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import singledispatchmethod
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from app.actions.outcomes import DryRun
from app.core.areas import AreaRule, area_of
from app.core.references import own_names, said_names
from app.core.vocabulary import LinkOrigin
from app.db.queries import bugs, sources
from integrations.contract import (
    Connector,
    CustomerRecord,
    IssueRecord,
    Page,
    Reference,
    TicketMention,
    TicketRecord,
)
from integrations.errors import Denied, PartlyDenied

Look = Callable[[Page], None]
MOST_WORDS = 20


def _overlook(_page: Page) -> None:
    """Look at nothing more than counts."""


@dataclass(frozen=True)
class Counting:
    """Walks a source as a run would, and stores nothing."""

    engine: Engine
    source_id: int
    connector: Connector
    progress: Callable[[str, int, int | None], None]
    look: Look = _overlook

    def run(self) -> DryRun:
        """Count what a run would bring, by stream."""
        found, closed = DryRun(), 0
        with Session(self.engine) as db:
            positions = {s.name: s.position for s in sources.streams(db, self.source_id)}
        for stream in self.connector.streams:
            try:
                self._count(stream, positions.get(stream, ""), found.counts)
            except Denied as error:
                closed += not isinstance(error, PartlyDenied)
                found.closed = list(dict.fromkeys([*found.closed, str(error)]))
        if closed == len(self.connector.streams):
            raise Denied(" ".join(found.closed))
        return found

    def _count(self, stream: str, position: str, counts: dict[str, int]) -> None:
        for page in self.connector.pages(stream, position):
            counts[stream] = counts.get(stream, 0) + len(page.records)
            counts["refused"] = counts.get("refused", 0) + len(page.rejected)
            self.look(page)
            self.progress(stream, counts[stream], page.total)


@dataclass
class Tally:
    """What is seen in the pages of one source, each ticket, bug and customer once.

    `names`: of bugs that are to come from any source; several tallies may share them.
    """

    rules: Sequence[AreaRule]
    names: set[str] = field(default_factory=set)
    tickets: set[str] = field(default_factory=set)
    bugs: set[str] = field(default_factory=set)
    customers: set[str] = field(default_factory=set)
    said: dict[str, set[frozenset[str]]] = field(default_factory=dict)
    states: Counter[tuple[str, str]] = field(default_factory=Counter)
    areas: Counter[int | None] = field(default_factory=Counter)
    strange: Counter[str] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    pages: int = 0

    def look(self, page: Page) -> None:
        """Take in one page."""
        self.pages += 1
        self.refused += len(page.rejected)
        for record in page.records:
            self._see(record)

    @singledispatchmethod
    def _see(self, record: object) -> None:
        """Overlook what is neither ticket, bug nor customer."""

    @_see.register
    def _(self, record: TicketRecord) -> None:
        self._name(record.external_id, record.references)
        if record.external_id not in self.tickets:
            self.tickets.add(record.external_id)
            self.states[record.status, record.status] += 1
            self.tags.update(record.tags)

    @_see.register
    def _(self, record: TicketMention) -> None:
        self._name(record.ticket, record.references)

    @_see.register
    def _(self, record: CustomerRecord) -> None:
        self.customers.add(record.external_id)

    @_see.register
    def _(self, record: IssueRecord) -> None:
        self.names |= own_names(record.external_id, record.key, record.names)
        if record.external_id in self.bugs:
            return
        self.bugs.add(record.external_id)
        self.states[record.status_raw, record.resolution or record.status_category] += 1
        self.severities[record.severity or "unknown"] += 1
        area = area_of(
            self.rules, labels=record.labels, components=record.components, title=record.title
        )
        self.areas[area] += 1
        if area is None:
            self.strange.update({*record.labels, *record.components})

    def _name(self, ticket: str, references: Sequence[Reference]) -> None:
        # A key in prose may be anything: only what was named on purpose can be missed.
        meant = {said_names(r.ref) for r in references if r.origin != LinkOrigin.text}
        if meant:
            self.said.setdefault(ticket, set()).update(meant)

    def found(self, db: Session) -> dict[str, Any]:
        """Return what was seen, to be kept and shown; `unmatched` names fit no bug we know of."""
        every = [names for each in self.said.values() for names in each]
        new = {name for names in every for name in names} - self.names
        known = self.names | bugs.known_names(db, sorted(new))
        links = sum(bool(names & known) for names in every)
        return {
            "tickets": len(self.tickets),
            "bugs": len(self.bugs),
            "customers": len(self.customers),
            "links": links,
            "unmatched": len(every) - links,
            "refused": self.refused,
            "pages": self.pages,
            "states": [[theirs, ours, n] for (theirs, ours), n in self.states.most_common()],
            "severities": dict(sorted(self.severities.items())),
            "areas": {str(area): n for area, n in self.areas.items() if area is not None},
            "no_area": self.areas[None],
            "strange": _most(self.strange),
            "tags": _most(self.tags),
        }


def _most(words: Mapping[str, int]) -> list[list[str | int]]:
    return [[word, count] for word, count in Counter(words).most_common(MOST_WORDS)]
