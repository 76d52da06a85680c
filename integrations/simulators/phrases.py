"""What customers write: an own phrase bank by area, never the words of the bug they are hit by."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from integrations.simulators.chance import some

BANK = Path(__file__).parent / "data" / "phrases.json"
RARE_BELOW = 3
WORD = re.compile(r"[^\W\d_]{4,}")


@cache
def bank() -> dict[str, Any]:
    """The phrases by area, and what all letters share."""
    found: dict[str, Any] = msgspec.json.decode(BANK.read_bytes())
    return found


def words(text: str) -> set[str]:
    """The words of four letters and more, in lower case."""
    return set(WORD.findall(text.lower()))


def rare_words(titles: list[str]) -> list[set[str]]:
    """For each title the words that hardly any other title has."""
    split = [words(title) for title in titles]
    seen: dict[str, int] = {}
    for found in split:
        for word in found:
            seen[word] = seen.get(word, 0) + 1
    return [{word for word in found if seen[word] < RARE_BELOW} for found in split]


@dataclass(frozen=True, slots=True)
class Voice:
    """How the customers hit by one bug tend to put it; `banned` are the bug's own rare words."""

    subjects: tuple[str, ...]
    symptoms: tuple[str, ...]
    favourites: tuple[str, ...]
    banned: frozenset[str]


def allowed(phrases: list[str], banned: set[str] | frozenset[str]) -> list[str]:
    """The phrases that use none of the banned words."""
    return [phrase for phrase in phrases if not words(phrase) & banned]


def voice(chance: Random, area: str, banned: set[str]) -> Voice:
    """Pick a few phrases of an area that most tickets about one bug will share."""
    subjects = allowed(bank()[area]["subjects"], banned)
    symptoms = allowed(bank()[area]["symptoms"], banned)
    return Voice(
        tuple(chance.sample(subjects, min(3, len(subjects)))),
        tuple(symptoms),
        tuple(chance.sample(symptoms, min(3, len(symptoms)))),
        frozenset(banned),
    )


def letter(chance: Random, speaks: Voice) -> tuple[str, str]:
    """A subject and a text of a customer hit by a bug (or by none)."""
    said = [chance.choice(speaks.favourites)]
    if some(chance, 0.5):
        said.append(chance.choice(speaks.symptoms))
    parts = [pick(chance, "openings", speaks.banned), *dict.fromkeys(said)]
    parts += [pick(chance, "contexts", speaks.banned), pick(chance, "asks", speaks.banned)]
    return chance.choice(speaks.subjects), _filled(chance, " ".join(part for part in parts if part))


def pick(chance: Random, kind: str, banned: frozenset[str] = frozenset()) -> str:
    """One phrase that all areas share, without a banned word."""
    for _ in range(20):
        phrase = str(chance.choice(bank()[kind]))
        if not words(phrase) & banned:
            return phrase
    return ""


def _filled(chance: Random, text: str) -> str:
    return (
        text.replace("{day}", chance.choice(bank()["days"]))
        .replace("{team}", chance.choice(bank()["teams"]))
        .replace("{count}", str(chance.randint(2, 19)))
    )
