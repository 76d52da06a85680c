"""Who was told: one entry for each customer of a bug, always as many as it has customers."""

from collections import Counter
from collections.abc import Collection, Mapping
from enum import StrEnum

from app.core.vocabulary import OutgoingState


class Standing(StrEnum):
    """Where one customer stands with one bug."""

    waiting = "waiting"
    unwritten = "unwritten"
    otherwise = "otherwise"
    draft = "draft"
    approved = "approved"
    uncertain = "uncertain"
    failed = "failed"
    cancelled = "cancelled"
    told = "told"
    elsewhere = "elsewhere"


WORDS = {
    Standing.waiting: "waits for the release",
    Standing.unwritten: "no message written yet",
    Standing.otherwise: "has to be told another way",
    Standing.draft: "message waits for approval",
    Standing.approved: "message approved",
    Standing.uncertain: "message under way",
    Standing.failed: "message failed",
    Standing.cancelled: "message cancelled",
    Standing.told: "told",
    Standing.elsewhere: "told another way",
}
TOLD = frozenset({Standing.told, Standing.elsewhere})
_OF = {
    OutgoingState.draft: Standing.draft,
    OutgoingState.approved: Standing.approved,
    OutgoingState.sending: Standing.uncertain,
    OutgoingState.uncertain: Standing.uncertain,
    OutgoingState.failed: Standing.failed,
    OutgoingState.cancelled: Standing.cancelled,
    OutgoingState.sent: Standing.told,
    OutgoingState.elsewhere: Standing.elsewhere,
}
Message = tuple[OutgoingState, bool]
"""A message's state, and whether it has a ticket that it answers."""


def ledger(
    customers: Collection[int], messages: Mapping[int, Message], *, released: bool
) -> dict[int, Standing]:
    """Return where each affected customer stands; `messages` are those of the release, by customer.

    Messages to customers who are not affected (any more) are left out.
    """
    return {
        customer: _standing(messages.get(customer)) if released else Standing.waiting
        for customer in sorted(set(customers))
    }


def _standing(message: Message | None) -> Standing:
    if message is None:
        return Standing.unwritten
    state, answerable = message
    if state is OutgoingState.draft and not answerable:
        return Standing.otherwise
    return _OF[state]


def tally(entries: Mapping[int, Standing]) -> dict[Standing, int]:
    """Count the entries of a ledger by standing, each standing named; they sum to its customers."""
    counted = Counter(entries.values())
    return {standing: counted[standing] for standing in Standing}


def all_told(entries: Mapping[int, Standing]) -> bool:
    """Say whether there are customers and every one of them was told."""
    return bool(entries) and set(entries.values()) <= TOLD
