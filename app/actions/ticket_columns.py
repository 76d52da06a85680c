"""What is stored of tickets, as far as records alone tell it.

Tickets are stored from these columns only, so that nothing gets past the masks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.actions.disguise import Disguise, erased_id
from app.actions.linking import Names
from app.core.privacy import masked
from app.core.references import said_names, web_address
from app.core.vocabulary import CustomerKind, LinkOrigin
from integrations.contract import Reference, TicketRecord

Column = list[object]
NO_NAMES: Names = set()


@dataclass(frozen=True, slots=True)
class Manner:
    """How the tickets of one source are written down."""

    source_id: int
    disguise: Disguise
    keep_text: bool = True


@dataclass(frozen=True, slots=True)
class TicketColumns:
    """The newest version of each ticket of a page, by columns, beside what it names.

    `keys` are the external ids of their customers; `customers` tells of each one that any
    version names its kind and its name.
    """

    newest: dict[str, TicketRecord]
    values: dict[str, Column]
    names: list[Names]
    keys: list[str]
    customers: dict[str, tuple[CustomerKind, str]]


def ticket_columns(records: Sequence[TicketRecord], manner: Manner) -> TicketColumns:
    """Mask and disguise tickets, and bring what they name into its comparable form."""
    newest = {r.external_id: r for r in sorted(records, key=lambda r: r.stamp)}
    tickets = list(newest.values())
    whose = {id(r): _customer(r, manner.disguise) for r in records}
    return TicketColumns(
        newest=newest,
        values=_as_named(tickets, manner) | _as_told(tickets),
        names=[names_of(r.references) if r.references else NO_NAMES for r in tickets],
        keys=[whose[id(r)][0] for r in tickets],
        customers={key: (kind, name) for key, kind, name in whose.values()},
    )


def _as_named(tickets: Sequence[TicketRecord], manner: Manner) -> dict[str, Column]:
    keep, person = manner.keep_text, manner.disguise.person
    return {
        "source_id": [manner.source_id] * len(tickets),
        "external_id": [r.external_id for r in tickets],
        "url": [web_address(r.url) for r in tickets],
        "subject": [masked(r.subject) for r in tickets],
        "text": [masked(r.text) if keep else "" for r in tickets],
        "requester": [person(r.requester) if r.requester else None for r in tickets],
    }


def _as_told(tickets: Sequence[TicketRecord]) -> dict[str, Column]:
    return {
        "status": [r.status for r in tickets],
        "priority": [r.priority for r in tickets],
        "type": [r.type for r in tickets],
        "tags": [list(r.tags) for r in tickets],
        "problem_external_id": [r.problem for r in tickets],
        "created_at": [r.created_at for r in tickets],
        "updated_at": [r.updated_at for r in tickets],
        "solved_at": [r.solved_at for r in tickets],
        "reopens": [r.reopens for r in tickets],
        "csat": [r.csat for r in tickets],
        "csat_system": ["legacy" if r.csat else None for r in tickets],
        "stamp": [r.stamp for r in tickets],
    }


def _customer(r: TicketRecord, disguise: Disguise) -> tuple[str, CustomerKind, str]:
    if r.customer and r.customer.startswith(erased_id("")):
        return r.customer, CustomerKind.organization, "Erased customer"
    if r.customer:
        return r.customer, CustomerKind.organization, f"Organisation {r.customer}"
    if r.requester_domain:
        return f"domain:{r.requester_domain}", CustomerKind.domain, r.requester_domain
    name = disguise.vault.pseudonym(r.requester or r.external_id)
    return f"requester:{name}", CustomerKind.requester, f"Requester {name[:6]}"


def customer_key(r: TicketRecord, disguise: Disguise) -> str:
    """Return the external id of a ticket's customer."""
    return _customer(r, disguise)[0]


def names_of(references: Sequence[Reference]) -> Names:
    """Return the comparable names that references may mean, with where they stand."""
    return {(name, LinkOrigin(r.origin)) for r in references for name in said_names(r.ref)}
