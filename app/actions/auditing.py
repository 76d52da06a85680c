"""Walk along the log and say whether it is what was written."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.core.chain import Verdict, verify
from app.db.queries import auditing, settings

HEAD = "audit_head"


def check(db: Session, *, head: str = "") -> Verdict:
    """Verify every note; with a head that was logged once, also that it is still in the chain."""
    anchor, seals = auditing.anchor(db), set[str]()
    verdict = verify(_walked(db, head, seals), start=anchor.seal)
    if verdict.broken_at is not None:
        return verdict
    lost = _lost(db, settings.value(db, HEAD) or {}, anchor.pruned_through)
    if head and not seals and not anchor.seal.startswith(head):
        lost = lost or 0
    return replace(verdict, broken_at=lost)


def _walked(db: Session, head: str, seals: set[str]) -> Iterator[Mapping[str, Any]]:
    for note in auditing.in_order(db):
        if head and note["seal"].startswith(head):
            seals.add(note["seal"])
        yield note


def _lost(db: Session, remembered: dict[str, Any], pruned_through: int) -> int | None:
    """Return the note that was the newest one at the last check and is now another, or gone."""
    note_id = remembered.get("note", 0)
    if note_id <= pruned_through or auditing.seal_of(db, note_id) == remembered.get("seal"):
        return None
    return int(note_id)


def check_and_remember(db: Session, *, at: datetime) -> Verdict:
    """Verify the log and write down its head, so that a cut end is found at the next check."""
    verdict = check(db)
    if verdict.broken_at is None and verdict.notes:
        newest = auditing.newest(db)
        kept = asdict(verdict) | {"note": newest, "seal": verdict.head}
        settings.keep(db, HEAD, kept, by="Bugsprint", at=at)
    db.commit()
    return verdict


def last_said(db: Session) -> str:
    """Say what the last check by the clock found."""
    kept = settings.value(db, HEAD)
    if not kept:
        return "The chain was not verified yet; it is once a day."
    return f"At the last check: {kept['notes']:,} notes, head {kept['seal'][:16]}."


def said(verdict: Verdict) -> str:
    """Say in a sentence what a check found."""
    if verdict.broken_at == 0:
        return "The chain is broken: the head that was named is not in it."
    if verdict.broken_at is not None:
        return (
            f"The chain is broken: note {verdict.broken_at} is the first that does not fit; "
            "it was changed, or the one before it was removed."
        )
    erased = f", {verdict.erased} with somebody erased" if verdict.erased else ""
    notes = f"{verdict.notes:,} note{'' if verdict.notes == 1 else 's'}{erased}"
    return f"Chain verified: {notes}, head {verdict.head[:16] or 'none'}."
