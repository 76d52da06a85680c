"""Webhooks: a delivery that its sender signed makes us read its source again soon, no more.

Nothing in a delivery is taken for data, so none can bring anything false, old or doubled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from importlib import import_module
from typing import cast

from sqlmodel import Session

from app.actions.connect import FORMER
from app.actions.vault import Vault
from app.core.errors import Invalid
from app.db.models import Source
from app.db.queries import hooks, sources
from integrations import HOOKS
from integrations.deliveries import Incoming, Refused, Scheme, Trust
from integrations.errors import Unreadable

STREAM = "webhook"
"""The stream under which a delivery that cannot be read becomes a dead letter."""

KEPT = timedelta(days=7)
QUIET = timedelta(seconds=10)
"""How long the same refusal is not written down again: anybody can send forgeries."""

VERIFIED = "verified"
VERIFIED_FORMER = "verified with the former secret"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A genuine delivery: what it says changed, or why that could not be read."""

    delivery_id: str
    verdict: str
    changed: tuple[str, ...] = ()
    unreadable: str | None = None


def scheme_of(kind: str) -> Scheme | None:
    """Return how a kind signs its webhooks; None: it sends none."""
    return cast(Scheme, import_module(HOOKS[kind])) if kind in HOOKS else None


def judge(
    source: Source, incoming: Incoming, *, vault: Vault, at: datetime, rehearsal: bool
) -> Accepted:
    """Say whether a delivery is genuine and what it is about; raises Refused, stores nothing."""
    scheme = scheme_of(source.kind)
    if scheme is None:
        raise Refused(f"a source of the kind {source.kind} sends no webhooks")
    trust = Trust(secrets=_live(source, scheme, vault), now=at, rehearsal=rehearsal)
    genuine = scheme.verify(incoming, trust)
    verdict = VERIFIED_FORMER if genuine.former else VERIFIED
    try:
        return Accepted(genuine.delivery_id, verdict, scheme.changed(incoming))
    except Unreadable as error:
        return Accepted(genuine.delivery_id, verdict, unreadable=str(error))


def _live(source: Source, scheme: Scheme, vault: Vault) -> dict[str, tuple[str, ...]]:
    try:
        opened = vault.open(source.secrets)
    except Invalid as error:
        raise Refused(f"its secret cannot be opened: {error}") from error
    return {
        name: tuple(opened[key] for key in (name, name + FORMER) if opened.get(key))
        for name in scheme.SECRETS
    }


def accept(
    db: Session, source: Source, delivery: Accepted, incoming: Incoming, *, at: datetime
) -> bool:
    """Remember a genuine delivery and what it asks to read again; False: it came before."""
    assert source.id is not None
    if not hooks.is_new(db, source.id, delivery.delivery_id, at):
        db.rollback()
        return False
    if delivery.unreadable is not None:
        sources.keep_dead_letters(db, [_letter(source, delivery.unreadable, incoming, at)])
    elif not source.paused:
        hooks.ask_again(db, source.id, delivery.changed, at)
    verdict = delivery.verdict
    if delivery.unreadable is not None:
        verdict += f", but not understood: {delivery.unreadable.rstrip('.')}"
    hooks.note_verdict(db, source.id, verdict, at=at, good=True)
    db.commit()
    return True


def refuse(db: Session, source: Source, why: str, *, at: datetime) -> None:
    """Show on the sources page why the last delivery was refused."""
    assert source.id is not None
    hooks.note_verdict(db, source.id, f"refused: {why}", at=at)
    db.commit()


def is_told(source: Source, why: str, at: datetime) -> bool:
    """Say whether this very refusal was written down just now."""
    same = source.hook_verdict == f"refused: {why}"
    return same and source.hook_at is not None and timedelta(0) <= at - source.hook_at < QUIET


def _letter(source: Source, why: str, incoming: Incoming, at: datetime) -> dict[str, object]:
    keep = bool(source.options.get("keep_text", True))
    text = incoming.body.decode("utf-8", "backslashreplace").replace("\0", "\\0")
    return {
        "source_id": source.id,
        "stream": STREAM,
        "external_id": None,
        "reason": why,
        "payload": text[:LONGEST] if keep else "",
        "payload_hash": sha256(incoming.body).hexdigest(),
        "at": at,
    }


LONGEST = 20_000


def forget_old(db: Session, *, at: datetime) -> int:
    """Drop the ids of deliveries that are too old to be sent again."""
    dropped = hooks.forget_deliveries(db, before=at - KEPT)
    db.commit()
    return dropped


def live_names(kind: str) -> Sequence[str]:
    """Return the names of the secrets that sign webhooks of a kind."""
    scheme = scheme_of(kind)
    return scheme.SECRETS if scheme else ()
