"""What came of one action on many bugs, in one message."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.core.sentences import counted

MOST = 200
"""How many bugs one action may name: more than a page shows, and less than a second's work."""
NAMED = 3
"""How many refusals a message spells out."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A bug that stayed as it was, and why."""

    bug_id: int
    why: str


@dataclass(slots=True)
class Outcome:
    """Which bugs were changed, and which were not."""

    done: list[int] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


def message(outcome: Outcome, did: str) -> str:
    """Say how many were changed (`did`: “claimed”), how many were not, and who was first."""
    said = [f"{counted(len(outcome.done), 'bug')} {did}."]
    if outcome.refused:
        said.append(f"{len(outcome.refused)} not: {_reasons(outcome.refused)}")
    return " ".join(said)


def _reasons(refused: Sequence[Refusal]) -> str:
    every = list(dict.fromkeys(each.why for each in refused))
    more = len(every) - NAMED
    return " ".join(every[:NAMED]) + (f" And {more} more." if more > 0 else "")
