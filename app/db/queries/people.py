"""Users, their sign-ins, and programs' tokens."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from app.db.models import ApiToken, SignIn, SignInFailure, User


def users(db: Session) -> Sequence[User]:
    """Return every person."""
    return db.exec(select(User).order_by(col(User.email))).all()


def user_by_email(db: Session, email: str) -> User | None:
    """Return a person by e-mail address, whatever its case."""
    return db.exec(select(User).where(User.email == email.strip().lower())).one_or_none()


def touch_sign_in(db: Session, sign_in_id: int, at: datetime) -> None:
    """Note that a sign-in was used."""
    db.exec(update(SignIn).where(col(SignIn.id) == sign_in_id).values(seen_at=at))


def holder(db: Session, sign_in_id: int) -> int | None:
    """Return whose sign-in it is."""
    return db.exec(select(SignIn.user_id).where(SignIn.id == sign_in_id)).one_or_none()


def end_sign_in(db: Session, token_hash: str) -> None:
    """Forget one sign-in."""
    db.exec(delete(SignIn).where(col(SignIn.token_hash) == token_hash))


def drop_expired_sign_ins(db: Session, now: datetime) -> None:
    """Forget sign-ins that ended by themselves."""
    db.exec(delete(SignIn).where(col(SignIn.expires_at) <= now))


def token(db: Session, token_hash: str, now: datetime) -> ApiToken | None:
    """Return a program's token that is still good."""
    return db.exec(
        select(ApiToken).where(ApiToken.token_hash == token_hash, ApiToken.expires_at > now)
    ).one_or_none()


def touch_token(db: Session, token_id: int, at: datetime) -> None:
    """Note that a token was used."""
    db.exec(update(ApiToken).where(col(ApiToken.id) == token_id).values(last_used_at=at))


def failures_since(db: Session, subject: str, since: datetime) -> int:
    """Count refused sign-ins of an account or an address."""
    counted = select(func.count(col(SignInFailure.id))).where(
        SignInFailure.subject == subject, SignInFailure.at > since
    )
    return db.exec(counted).one()


def note_failure(db: Session, subjects: Sequence[str], at: datetime, before: datetime) -> None:
    """Count a refused sign-in, and forget old ones."""
    db.exec(delete(SignInFailure).where(col(SignInFailure.at) < before))
    db.add_all([SignInFailure(subject=subject, at=at) for subject in subjects])


def named_token(db: Session, name: str) -> ApiToken | None:
    """Return a token by its name."""
    return db.exec(select(ApiToken).where(ApiToken.name == name)).one_or_none()
