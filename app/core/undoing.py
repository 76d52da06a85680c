"""Which notes are of one action, and which of them were taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, TypeVar

UNDONE = "undone"
LISTED = 10
"""How many of somebody's last actions are listed."""


class Whose(NamedTuple):
    """Whose actions are meant: two people may have one name.  Programs have no id."""

    name: str
    user_id: int | None = None


class Noted(Protocol):
    """A note with what taking it back needs."""

    id: int | None
    verb: str
    undo: dict[str, Any] | None


N = TypeVar("N", bound=Noted)


def batches(notes: Sequence[N]) -> list[list[N]]:
    """Put together what one press of a button did, in the order of the first of each."""
    found: dict[object, list[N]] = {}
    for note in notes:
        if note.verb == UNDONE:
            continue
        batch = (note.undo or {}).get("batch")
        found.setdefault((batch,) if batch else note.id, []).append(note)
    return list(found.values())


@dataclass(slots=True)
class Undone:
    """What was taken back: notes by id, and which versions of items equal an earlier one."""

    ids: set[int] = field(default_factory=set)
    equal: dict[tuple[int, int], int] = field(default_factory=dict)

    def plain(self, item_id: int, version: int | None) -> int | None:
        """Return the version that an item equals once all taking back is left out."""
        while version is not None and (item_id, version) in self.equal:
            version = self.equal[item_id, version]
        return version


def undone(notes: Iterable[Noted]) -> Undone:
    """Read what was taken back out of the notes of it."""
    found = Undone()
    for facts in (note.undo or {} for note in notes):
        if "undid" in facts:
            found.ids.add(facts["undid"])
        if "as" in facts:
            found.equal[facts["item"], facts["version"]] = facts["as"]
    return found
