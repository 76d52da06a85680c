"""The fields of the filter language: what kind of value each takes, and who may ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from app.core.permissions import Permission
from app.core.vocabulary import Importance, ItemState, Lane, Severity


class Kind(Enum):
    """What a field's values are."""

    name = "a name"
    number = "a number"
    age = "a length of time such as 12d or 3w, or a day such as 2026-11-01"


@dataclass(frozen=True, slots=True)
class Field:
    """One field.  `words` are names that mean themselves or, of a number, an amount."""

    kind: Kind
    says: str
    words: tuple[str, ...] = ()
    none: bool = False
    needs: Permission = Permission.board_read


def _name(says: str, *words: str, none: bool = False) -> Field:
    return Field(Kind.name, says, words, none=none)


def _number(says: str, *words: str, none: bool = False) -> Field:
    return Field(Kind.number, says, words, none=none)


FIELDS: Mapping[str, Field] = {
    "state": _name("how far the bug is", *ItemState),
    "team": _name("which team has it", none=True),
    "area": _name("the part of the product", none=True),
    "owner": _name("who claimed it", "me", none=True),
    "lane": _name("why it is in the sprint", *Lane),
    "severity": _name("technical severity", *Severity, none=True),
    "importance": _number(
        "the highest importance of its tickets", *(each.name for each in Importance), none=True
    ),
    "customer": Field(Kind.name, "whom it hurts", none=True, needs=Permission.ticket_read),
    "tier": _name("the tier of a customer it hurts", none=True),
    "source": _name("where the bug or one of its tickets comes from"),
    "label": _name("a label of the tracker", none=True),
    "touchpoint": _name("where on the customer’s journey it hurts", none=True),
    "sprint": _name("a sprint in which the bug is or was"),
    "rank": _number("its frozen place", none=True),
    "score": _number("its score, as shown"),
    "tickets": _number("how many tickets"),
    "customers": _number("how many customers"),
    "waiting": Field(Kind.age, "how long the first customer has waited", none=True),
    "age": Field(Kind.age, "how long the bug is known"),
    "updated": Field(Kind.age, "when the tracker changed it last"),
    "is": _name("what holds of it", "mine", "stale", "blocked"),
    "has": _name("what belongs to it", "pr", "suggestion"),
}
SORT = "sort"
MEASURED = tuple(name for name, each in FIELDS.items() if each.kind is not Kind.name)
"""What a list can be ordered by."""
AMOUNTS: Mapping[str, float] = {each.name: float(each.value) for each in Importance}
"""Numbers that have a name."""


def readable(can: frozenset[str]) -> frozenset[str]:
    """Return the fields that somebody with these permissions may ask for."""
    return frozenset(name for name, each in FIELDS.items() if each.needs in can)


def fold(name: str) -> str:
    """Return what two ways of saying a name have in common."""
    return name.casefold().strip().replace(" ", "_").replace("-", "_")
