"""Keys: the one that pseudonyms are made with, and the move from an old secret key to a new one."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.actions import journal
from app.actions.journal import PSEUDONYMS
from app.actions.vault import Vault
from app.core.errors import AppError, Conflict
from app.core.sentences import counted
from app.db.queries import activity, customers, second_factor, settings, sources


def keyed(db: Session, vault: Vault, *, at: datetime) -> Vault:
    """Return the vault with the key of this database's pseudonyms; a step, not committed.

    The key is made once and sealed: a new secret key must not turn a requester into another one.
    """
    sealed = settings.value(db, PSEUDONYMS)
    if sealed:
        return vault.with_pseudonyms(bytes.fromhex(vault.open(sealed)["key"]))
    if not vault.has_key:
        return vault
    known = customers.any_requester(db)
    key = vault.first_pseudonym_key() if known else secrets.token_bytes(32)
    adopt(db, vault, key, at=at)
    return vault.with_pseudonyms(key)


def adopt(db: Session, vault: Vault, key: bytes, *, at: datetime) -> None:
    """Seal and store the key of pseudonyms; a step, not committed."""
    sealed = vault.seal({"key": key.hex()})
    settings.keep(db, PSEUDONYMS, sealed, by="Bugsprint", at=at)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many secrets the newest key sealed, an older one, and none of ours."""

    current: int = 0
    old: int = 0
    lost: int = 0


def standing(db: Session, vault: Vault) -> Standing:
    """Count which key sealed what is stored."""
    kinds = [_kind(vault, sealed) for sealed in _sealed(db)]
    return Standing(kinds.count("current"), kinds.count("old"), kinds.count("lost"))


def rekey(db: Session, vault: Vault, *, actor: str, at: datetime) -> int:
    """Seal with the newest key whatever an older one sealed; return how much that was."""
    lost = standing(db, vault).lost
    if lost:
        raise Conflict(
            f"{lost} of the stored secrets can be opened with none of the keys given; nothing "
            "was changed. Name the key that sealed them in BUGSPRINT_OLD_SECRET_KEYS."
        )
    count = 0
    for source in sources.sources(db):
        if source.secrets and not vault.is_current(source.secrets):
            source.secrets = vault.reseal(source.secrets)
            count += 1
    pseudonyms = settings.value(db, PSEUDONYMS)
    if pseudonyms and not vault.is_current(pseudonyms):
        settings.keep(db, PSEUDONYMS, vault.reseal(pseudonyms), by="Bugsprint", at=at)
        count += 1
    for factor in second_factor.sealed(db):
        if not vault.is_current(factor.secret):
            factor.secret = vault.reseal(factor.secret)
            count += 1
    if count:
        activity.note(db, at=at, actor=actor, verb="rekeyed", detail=counted(count, "secret"))
        journal.keep_beside(db)
    db.commit()
    return count


def _sealed(db: Session) -> list[str]:
    found = [source.secrets for source in sources.sources(db)]
    found += [factor.secret for factor in second_factor.sealed(db)]
    return [sealed for sealed in [*found, settings.value(db, PSEUDONYMS)] if sealed]


def _kind(vault: Vault, sealed: str) -> str:
    if vault.has_key and vault.is_current(sealed):
        return "current"
    try:
        return "old" if vault.open(sealed) else "lost"
    except AppError:
        return "lost"
