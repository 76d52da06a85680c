"""The chain of notes: each seal stands for one note and every note before it.

A note's digest is salted and its seal is made of digests alone, so that a person can be erased
from a note without breaking the chain, and nobody can guess the erased words from the digest.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

SAID = ("actor", "verb", "sprint_id", "bug_id", "ticket_id", "team_id", "source_id", "detail")
"""What a digest covers beside the time and the further bugs."""


def digest(note: Mapping[str, Any], salt: str) -> str:
    """Return what stands for a note: SHA-256 over its canonical JSON and the salt."""
    at: datetime = note["at"]
    said = [note.get(name) for name in SAID]
    facts = [salt, at.astimezone(UTC).isoformat(), *said, list(note.get("bugs") or ())]
    return sha256(json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def seal(before: str, note_digest: str) -> str:
    """Return the seal of a note whose predecessor has the seal `before` ("" for the first)."""
    return sha256(f"{before}{note_digest}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk along the chain found; `broken_at` is the first note that does not fit."""

    notes: int
    erased: int
    head: str
    broken_at: int | None = None


def verify(notes: Iterable[Mapping[str, Any]], *, start: str = "") -> Verdict:
    """Walk along notes in order of their ids, from the seal before the first one."""
    head, count, erased = start, 0, 0
    for note in notes:
        count += 1
        erased += bool(note["erased"])
        true = bool(note["erased"]) or digest(note, note["salt"]) == note["digest"]
        if not true or seal(head, note["digest"]) != note["seal"]:
            return Verdict(count, erased, head, broken_at=note["id"])
        head = note["seal"]
    return Verdict(count, erased, head)
