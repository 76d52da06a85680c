"""Turn a page of records into rows.  Steps inside sync's transaction: nothing commits here."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from msgspec.structs import replace
from sqlmodel import Session

from app.actions import intake_bugs, linking
from app.actions.disguise import BLANK, Disguise, erased_id
from app.actions.ticket_columns import (
    Manner,
    TicketColumns,
    customer_key,
    names_of,
    ticket_columns,
)
from app.core.vocabulary import CustomerKind, LinkOrigin
from app.db.queries import customers, erasing, rankings, tickets
from integrations.contract import (
    CustomerRecord,
    Gone,
    IssueRecord,
    Page,
    Rating,
    TicketMention,
    TicketRecord,
)

Row = dict[str, object]
About = TypeVar("About", TicketMention, Rating)


@dataclass
class Intake:
    """What one run of one source needs to know while it writes pages."""

    db: Session
    source_id: int
    source_name: str
    disguise: Disguise
    at: datetime
    keep_text: bool = True
    known_customers: dict[str, int] = field(default_factory=dict)
    changed_items: list[int] = field(default_factory=list)

    def keep(self, page: Page) -> int:
        """Write every record of a page; return how many there were."""
        kinds: dict[type, list[Any]] = defaultdict(list)
        for record in page.records:
            kinds[type(record)].append(record)
        self._customers(kinds[CustomerRecord])
        self._tickets(kinds[TicketRecord])
        self._mentions(kinds[TicketMention])
        self._ratings(kinds[Rating])
        writer = intake_bugs.BugIntake(self.db, self.source_id, self.source_name, self.at)
        writer.keep(kinds[IssueRecord], keep_text=self.keep_text)
        writer.bury(kinds[Gone])
        self.changed_items += writer.changed
        return len(page.records)

    def _customers(self, records: Sequence[CustomerRecord]) -> None:
        forgotten = self.disguise.has_forgotten_customer
        records = [r for r in records if not forgotten(r.external_id)]
        before = customers.facts_of_customers(
            self.db, self.source_id, {r.external_id for r in records}
        )
        customers.keep_customers(self.db, [self._customer_row(r) for r in records])
        reweighed = [
            r.external_id
            for r in records
            if r.external_id in before and before[r.external_id] != r.arr_cents
        ]
        ids = customers.customer_ids(self.db, self.source_id, reweighed)
        rankings.mark_stale(
            self.db, customers.bugs_of_customers(self.db, list(ids.values())) if ids else ()
        )

    def _customer_row(self, record: CustomerRecord) -> Row:
        return {
            "source_id": self.source_id,
            "external_id": record.external_id,
            "kind": CustomerKind.organization,
            "name": record.name,
            "tier": record.tier,
            "arr_cents": record.arr_cents,
            "renewal_on": record.renewal_on,
            "domains": list(record.domains),
            "deleted": record.deleted,
        }

    def _tickets(self, records: Sequence[TicketRecord]) -> None:
        if not records:
            return
        manner = Manner(self.source_id, self.disguise, self.keep_text)
        made = ticket_columns(self._remembered(records), manner)
        self._learn_customers(made.customers)
        before = tickets.ticket_ids(self.db, self.source_id, made.newest)
        tickets.keep_tickets(self.db, self._whole(made))
        # Only tickets that were here before can have links, or names that were taken away.
        old = sorted(before.values())
        touched = tickets.bugs_of_tickets(self.db, old) if old else []
        rankings.mark_stale(self.db, touched)
        known = bool(touched) or (bool(old) and tickets.any_named(self.db, old))
        stamps = {k: r.stamp for k, r in made.newest.items() if known or r.references}
        ids = tickets.current_ids(self.db, self.source_id, stamps)
        names = zip(made.newest, made.names, strict=True)
        found = {ids[key]: named for key, named in names if key in ids}
        linking.note_names(self.db, found, whole=known, at=self.at, linked=bool(touched))

    def _whole(self, made: TicketColumns) -> dict[str, list[object]]:
        """Add what only the database knows: who the customers are, and who asked long ago."""
        known, own = self.known_customers, made.values["requester"]
        # A source may name no requester any more, of a deleted ticket say: we still know.
        nameless = [key for key, r in made.newest.items() if not r.requester]
        asked = erasing.requesters(self.db, self.source_id, nameless)
        who = [name or asked.get(key) for key, name in zip(made.newest, own, strict=True)]
        return made.values | {
            "customer_id": [known.get(key) for key in made.keys],
            "requester": who,
        }

    def _remembered(self, records: Sequence[TicketRecord]) -> Sequence[TicketRecord]:
        """Leave of erased people's tickets only what counts: their number, state and times."""
        if not self.disguise.forgotten:
            return records
        names = {r.external_id for r in records}
        blank = erasing.blank_tickets(self.db, self.source_id, names)
        return [self._without_the_forgotten(r, blank=r.external_id in blank) for r in records]

    def _without_the_forgotten(self, r: TicketRecord, *, blank: bool) -> TicketRecord:
        key, customer = customer_key(r, self.disguise), r.customer
        if self.disguise.has_forgotten_customer(key):
            customer = erased_id(self.disguise.customer(key))
        elif not (blank or self.disguise.has_forgotten_person(r.requester)):
            return r
        left = {"subject": BLANK, "text": "", "url": None, "tags": (), "csat": None}
        return replace(r, **left, requester=None, references=(), customer=customer)

    def _learn_customers(self, named: Mapping[str, tuple[CustomerKind, str]]) -> None:
        unknown = named.keys() - self.known_customers.keys()
        if not unknown:
            return
        self.known_customers |= customers.customer_ids(self.db, self.source_id, unknown)
        blank: Row = {"tier": None, "arr_cents": None, "renewal_on": None, "domains": []}
        rows = [
            {
                "source_id": self.source_id,
                "external_id": key,
                "kind": named[key][0],
                "name": named[key][1],
                "deleted": False,
            }
            | blank
            for key in sorted(unknown - self.known_customers.keys())
        ]
        customers.ensure_customers(self.db, rows)
        self.known_customers |= customers.customer_ids(
            self.db, self.source_id, {str(row["external_id"]) for row in rows}
        )

    def _of_remembered(self, records: Sequence[About]) -> Sequence[About]:
        if not self.disguise.forgotten:
            return records
        blank = erasing.blank_tickets(self.db, self.source_id, {r.ticket for r in records})
        return [r for r in records if r.ticket not in blank]

    def _mentions(self, records: Sequence[TicketMention]) -> None:
        records = self._of_remembered(records)
        ids = tickets.ticket_ids(self.db, self.source_id, {r.ticket for r in records})
        found: dict[int, set[tuple[str, LinkOrigin]]] = {}
        for record in records:
            if record.ticket in ids:
                found.setdefault(ids[record.ticket], set()).update(names_of(record.references))
        linking.note_names(self.db, found, whole=False, at=self.at)

    def _ratings(self, records: Sequence[Rating]) -> None:
        rows = [
            {
                "source_id": self.source_id,
                "system": r.system,
                "external_id": r.external_id,
                "ticket_external_id": r.ticket,
                "score": r.score,
                "at": r.at,
            }
            for r in self._of_remembered(records)
        ]
        tickets.keep_ratings(self.db, rows)
