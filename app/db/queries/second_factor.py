"""Authenticators beside passwords, and the codes that stand in for a lost one."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from app.db.models import RecoveryCode, SecondFactor


def of(db: Session, user_id: int) -> SecondFactor | None:
    """Return a person's authenticator, or the one that they are setting up."""
    return db.get(SecondFactor, user_id, populate_existing=True)


def in_use(db: Session, user_id: int) -> bool:
    """Say whether a person's password alone does not let them in."""
    found = of(db, user_id)
    return found is not None and found.since is not None


def holders(db: Session) -> frozenset[int]:
    """Return who has an authenticator."""
    known = select(SecondFactor.user_id).where(col(SecondFactor.since).is_not(None))
    return frozenset(db.exec(known))


def sealed(db: Session) -> Sequence[SecondFactor]:
    """Return every authenticator, for its secret to be sealed anew."""
    return db.exec(select(SecondFactor).order_by(col(SecondFactor.user_id))).all()


def ask(db: Session, user_id: int, token_hash: str, at: datetime) -> None:
    """Remember which browser gave the right password and owes the code."""
    asked = update(SecondFactor).where(col(SecondFactor.user_id) == user_id)
    db.exec(asked.values(asked_hash=token_hash, asked_at=at))


def asked(db: Session, token_hash: str, since: datetime) -> SecondFactor | None:
    """Return whose code a browser owes, if it was asked a moment ago."""
    owing = select(SecondFactor).where(
        SecondFactor.asked_hash == token_hash,
        col(SecondFactor.asked_at) > since,
        col(SecondFactor.since).is_not(None),
    )
    return db.exec(owing).one_or_none()


def use_step(db: Session, user_id: int, step: int) -> bool:
    """Let no code of this step or an earlier one count any more; False if another was quicker."""
    used = update(SecondFactor).where(
        col(SecondFactor.user_id) == user_id, col(SecondFactor.last_step) < step
    )
    return db.exec(used.values(last_step=step)).rowcount == 1


def use_recovery(db: Session, user_id: int, code_hash: str) -> bool:
    """Use a recovery code up; False when there is none such."""
    used = delete(RecoveryCode).where(
        col(RecoveryCode.user_id) == user_id, col(RecoveryCode.code_hash) == code_hash
    )
    return db.exec(used).rowcount == 1


def forget_asking(db: Session, user_id: int) -> None:
    """Let whatever browser gave the password owe nothing more: the password is another one."""
    asked = update(SecondFactor).where(col(SecondFactor.user_id) == user_id)
    db.exec(asked.values(asked_hash=None, asked_at=None))


def end_asking(db: Session, user_id: int, token_hash: str) -> bool:
    """Let a browser's question end; False when it had ended, or another browser asks now."""
    ended = update(SecondFactor).where(
        col(SecondFactor.user_id) == user_id, col(SecondFactor.asked_hash) == token_hash
    )
    return db.exec(ended.values(asked_hash=None, asked_at=None)).rowcount == 1


def keep_recovery(db: Session, user_id: int, hashes: Iterable[str]) -> None:
    """Replace a person's recovery codes."""
    db.exec(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))
    db.add_all(RecoveryCode(user_id=user_id, code_hash=each) for each in hashes)


def recovery_left(db: Session, user_id: int) -> int:
    """Count the recovery codes that are still good."""
    left = select(func.count(col(RecoveryCode.id))).where(RecoveryCode.user_id == user_id)
    return db.exec(left).one()


def drop(db: Session, user_id: int) -> bool:
    """Forget a person's authenticator and recovery codes; False when there was none."""
    db.exec(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))
    gone = delete(SecondFactor).where(col(SecondFactor.user_id) == user_id)
    return db.exec(gone).rowcount == 1
