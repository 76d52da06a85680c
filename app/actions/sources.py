"""Sources are added, paused, resumed and removed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.actions.connect import factory
from app.actions.rotating import live_secrets
from app.actions.vault import Vault
from app.core.errors import Conflict, Invalid, NotFound
from app.core.vocabulary import SourceState
from app.db.models import Source
from app.db.queries import activity, hooks, sources
from integrations import CONNECTORS
from integrations.errors import Misconfigured
from integrations.settings import read_options

NAME = re.compile(r"^[A-Za-z0-9][\w.-]{0,39}$")


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source to be added; its options were tried by its connector before."""

    kind: str
    name: str
    options: Mapping[str, Any]
    secrets: Mapping[str, str]


def checked(
    kind: str, name: str, options: Mapping[str, str], secrets: Mapping[str, str]
) -> NewSource:
    """Return a source to be added from what somebody typed; refuses what its kind does not take."""
    try:
        read = read_options(factory(kind).Options, {**options, **secrets}, kind=kind)
    except Misconfigured as error:
        raise Invalid(str(error)) from error
    # Stored as what they mean, so that “false” is not taken for a text that says yes.
    typed = {key: value for key, value in read.model_dump(mode="json").items() if key in options}
    return NewSource(kind, name, typed, secrets)


def add(
    db: Session,
    new: NewSource,
    *,
    vault: Vault,
    actor: str,
    at: datetime,
    paused: bool = False,
) -> int:
    """Remember a source; returns its id.  A `paused` one is not read until somebody says so."""
    kind, name = new.kind, new.name
    if kind not in CONNECTORS:
        raise Invalid(f"There is no kind “{kind}”; known kinds: {', '.join(sorted(CONNECTORS))}.")
    if not NAME.match(name):
        raise Invalid("A source's name has letters, digits, - _ . and at most 40 of them.")
    if sources.source_by_name(db, name):
        raise Conflict(f"There is a source “{name}” already; choose another name.")
    made = Source(
        kind=kind,
        name=name,
        options=dict(new.options),
        secrets=vault.seal(new.secrets),
        added_at=at,
        paused=paused,
        hook_secrets=live_secrets(kind, new.secrets),
        hook_secret_at=at,
    )
    db.add(made)
    db.flush()
    assert made.id is not None
    activity.note(
        db, at=at, actor=actor, verb="source_added", source_id=made.id, detail=f"{kind} {name}"
    )
    db.commit()
    return made.id


def pause(db: Session, name: str, *, paused: bool, actor: str, at: datetime) -> None:
    """Stop or resume the scheduled reading of a source."""
    source = _source(db, name)
    source.paused = paused
    verb = "source_paused" if paused else "source_resumed"
    activity.note(db, at=at, actor=actor, verb=verb, source_id=source.id, detail=name)
    db.commit()


def remove(db: Session, name: str, *, actor: str, at: datetime) -> None:
    """Forget a source's credentials and never read it again; what was read stays."""
    source = _source(db, name)
    source.paused, source.secrets, source.hook_secrets = True, "", 0
    source.name = f"{name}~{source.id}"
    source.note = "Removed; what was read before is kept."
    hooks.forget_waiting(db, source.id or 0)
    activity.note(db, at=at, actor=actor, verb="source_removed", source_id=source.id, detail=name)
    db.commit()


def mark_failing(db: Session, name: str, why: str, *, at: datetime) -> None:
    """Show on the sources page why a source could not even be asked."""
    source = _source(db, name)
    source.state, source.note, source.tried_at = SourceState.failing, why, at
    db.commit()


def _source(db: Session, name: str) -> Source:
    found = sources.source_by_name(db, name)
    if found is None:
        known = ", ".join(source.name for source in sources.sources(db)) or "none yet"
        raise NotFound(f"There is no source “{name}”; known sources: {known}.")
    return found
