"""Secrets are replaced; one that signs webhooks stays good beside its successor for a while."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from app.actions.connect import FORMER, factory
from app.actions.hooks import live_names
from app.actions.vault import Vault
from app.core.errors import Conflict, Invalid, NotFound
from app.db.models import Source
from app.db.queries import activity, sources
from integrations.errors import Misconfigured
from integrations.settings import read_options


def rotate(
    db: Session, name: str, given: Mapping[str, str], *, vault: Vault, actor: str, at: datetime
) -> list[str]:
    """Replace secrets; returns those whose former value still verifies webhooks."""
    source = _source(db, name)
    opened = vault.open(source.secrets)
    signing = live_names(source.kind)
    for secret in given:
        if secret + FORMER in opened:
            raise Conflict(
                f"Two values of {secret} are good already; finish that replacement of {name} first."
            )
    kept = {
        key + FORMER: opened[key]
        for key in given
        if key in signing and opened.get(key) and opened[key] != given[key]
    }
    replaced = opened | dict(given)
    _check(source, replaced)
    _save(source, replaced | kept, vault, at=at)
    _note(db, source, actor, at, "secret_replaced", ", ".join(sorted(given)))
    return [key.removesuffix(FORMER) for key in sorted(kept)]


def finish(db: Session, name: str, *, vault: Vault, actor: str, at: datetime) -> list[str]:
    """Forget the former values of secrets; returns the names of those that had one."""
    source = _source(db, name)
    opened = vault.open(source.secrets)
    former = sorted(key for key in opened if key.endswith(FORMER))
    if not former:
        raise Conflict(f"No secret of {name} is being replaced.")
    _save(source, {k: v for k, v in opened.items() if k not in former}, vault, at=None)
    names = [key.removesuffix(FORMER) for key in former]
    _note(db, source, actor, at, "secret_alone", ", ".join(names))
    return names


def live_secrets(kind: str, secrets: Mapping[str, str]) -> int:
    """Count the secrets with which a webhook may be signed now."""
    names = [key for name in live_names(kind) for key in (name, name + FORMER)]
    return sum(bool(secrets.get(name)) for name in names)


def _save(source: Source, secrets: Mapping[str, str], vault: Vault, *, at: datetime | None) -> None:
    source.secrets = vault.seal(secrets)
    source.hook_secrets = live_secrets(source.kind, secrets)
    if at is not None and source.hook_secrets:
        source.hook_secret_at = at


def _check(source: Source, secrets: Mapping[str, str]) -> None:
    plain = {key: value for key, value in secrets.items() if not key.endswith(FORMER)}
    try:
        read_options(factory(source.kind).Options, source.options | plain, kind=source.kind)
    except Misconfigured as error:
        raise Invalid(str(error)) from error


def _note(db: Session, source: Source, actor: str, at: datetime, verb: str, names: str) -> None:
    detail = f"{names} of {source.name}"
    activity.note(db, at=at, actor=actor, verb=verb, source_id=source.id, detail=detail)
    db.commit()


def _source(db: Session, name: str) -> Source:
    found = sources.source_by_name(db, name)
    if found is None or "~" in name:
        raise NotFound(f"There is no source “{name}”.")
    return found
