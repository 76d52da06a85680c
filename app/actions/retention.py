"""How long things are kept: decided by an administrator, applied every day."""

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlmodel import Session

from app.actions.erasing import SCRUB_DUE
from app.core.errors import Invalid
from app.core.retention import WORDS, Retention, outside, retention
from app.core.sentences import counted
from app.db.queries import activity, auditing, keeping, settings

NAME = "retention"


def decide(db: Session, wanted: Retention, *, actor: str, at: datetime) -> None:
    """Store how long things are kept."""
    wrong = outside(wanted)
    if wrong:
        raise Invalid(wrong)
    settings.keep(db, NAME, asdict(wanted), by=actor, at=at)
    detail = ", ".join(f"{WORDS[name]} {days} days" for name, days in asdict(wanted).items())
    activity.note(db, at=at, actor=actor, verb="retention_set", detail=detail)
    db.commit()


def apply(db: Session, *, at: datetime) -> str:
    """Let go of whatever was kept long enough; returns what that was, in words."""
    kept = retention(settings.value(db, NAME))
    ended = keeping.close_before(db, at - timedelta(days=kept.text))
    texts = keeping.drop_texts(db, ended) if ended else 0
    letters = keeping.blank_letters(db, at - timedelta(days=kept.text))
    deliveries = keeping.drop_deliveries(db, at - timedelta(days=kept.deliveries))
    notes = auditing.prune(db, at - timedelta(days=kept.audit))
    counts = {"ticket text": texts, "unread record": letters, "note": notes}
    said = ", ".join(counted(count, noun) for noun, count in counts.items() if count)
    if texts or letters:
        settings.keep(db, SCRUB_DUE, at.isoformat(), by="Bugsprint", at=at)
    if said:
        activity.note(db, at=at, actor="Bugsprint", verb="retention", detail=said)
    db.commit()
    return said or (
        counted(deliveries, "delivery number") if deliveries else "nothing was old enough"
    )
