"""Users, their sign-ins, and programs' tokens."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, text, union_all, update
from sqlmodel import Session, col, select

from app.core.vocabulary import Role
from app.db.models import ApiToken, SignIn, SignInFailure, User, Wallboard

_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:subject, 7340002))")


def users(db: Session) -> Sequence[User]:
    """Return every person."""
    return db.exec(select(User).order_by(col(User.email))).all()


def any_user(db: Session) -> bool:
    """Say whether any person is known."""
    return db.exec(select(User.id).limit(1)).first() is not None


def user_by_email(db: Session, email: str) -> User | None:
    """Return a person by e-mail address, whatever its case."""
    return db.exec(select(User).where(User.email == email.strip().lower())).one_or_none()


def touch_sign_in(db: Session, sign_in_id: int, at: datetime) -> None:
    """Note that a sign-in was used."""
    db.exec(update(SignIn).where(col(SignIn.id) == sign_in_id).values(seen_at=at))


def holder(db: Session, sign_in_id: int) -> int | None:
    """Return whose sign-in it is."""
    return db.exec(select(SignIn.user_id).where(SignIn.id == sign_in_id)).one_or_none()


def began(db: Session, token_hash: str) -> datetime | None:
    """Return when somebody signed in."""
    return db.exec(select(SignIn.created_at).where(SignIn.token_hash == token_hash)).one_or_none()


def end_sign_in(db: Session, token_hash: str) -> None:
    """Forget one sign-in."""
    db.exec(delete(SignIn).where(col(SignIn.token_hash) == token_hash))


def drop_expired_sign_ins(db: Session, now: datetime) -> None:
    """Forget sign-ins that ended by themselves."""
    db.exec(delete(SignIn).where(col(SignIn.expires_at) <= now))


def token(db: Session, token_hash: str, now: datetime) -> ApiToken | None:
    """Return a program's token that is still good."""
    good = select(ApiToken).where(
        ApiToken.token_hash == token_hash,
        ApiToken.expires_at > now,
        col(ApiToken.revoked_at).is_(None),
    )
    return db.exec(good).one_or_none()


def tokens(db: Session) -> Sequence[ApiToken]:
    """Return every program's token, newest first."""
    return db.exec(select(ApiToken).order_by(col(ApiToken.id).desc())).all()


def badges(db: Session, now: datetime, idle_since: datetime) -> frozenset[str]:
    """Return, in one read, what lets somebody in now: hashes of sign-ins, of programs' tokens and
    of wallboards' links, and the addresses that a proxy may vouch for.
    """
    signed_in = (
        select(SignIn.token_hash)
        .join(User, col(User.id) == col(SignIn.user_id))
        .where(SignIn.expires_at > now, SignIn.seen_at > idle_since, col(User.active))
    )
    programs = select(ApiToken.token_hash).where(
        ApiToken.expires_at > now, col(ApiToken.revoked_at).is_(None)
    )
    walls = select(Wallboard.token_hash).where(
        Wallboard.expires_at > now, col(Wallboard.revoked_at).is_(None)
    )
    vouched = select(User.email).where(col(User.active), ~col(User.demo))
    return frozenset(db.connection().scalars(union_all(signed_in, programs, walls, vouched)))


def touch_token(db: Session, token_id: int, at: datetime) -> None:
    """Note that a token was used."""
    db.exec(update(ApiToken).where(col(ApiToken.id) == token_id).values(last_used_at=at))


def failures_since(db: Session, subject: str, since: datetime) -> int:
    """Count refused sign-ins of an account or an address."""
    counted = select(func.count(col(SignInFailure.id))).where(
        SignInFailure.subject == subject, SignInFailure.at > since
    )
    return db.exec(counted).one()


def take_turns(db: Session, subjects: Iterable[str]) -> None:
    """Let attempts of one account or address be counted one after another, until the commit.

    SQLite has one writer anyway.
    """
    if db.get_bind().dialect.name == "postgresql":
        for subject in sorted(subjects):
            db.connection().execute(_TURN, {"subject": subject})


def note_failure(db: Session, subjects: Sequence[str], at: datetime, before: datetime) -> list[int]:
    """Count a refused sign-in, and forget old ones; returns the rows' ids."""
    db.exec(delete(SignInFailure).where(col(SignInFailure.at) < before))
    rows = [SignInFailure(subject=subject, at=at) for subject in subjects]
    db.add_all(rows)
    db.flush()
    return [row.id for row in rows if row.id is not None]


def forget_failures(db: Session, ids: Sequence[int]) -> None:
    """Take back what was counted for an attempt that succeeded."""
    db.exec(delete(SignInFailure).where(col(SignInFailure.id).in_(ids)))


def end_sign_ins(db: Session, user_id: int, *, but: int | None = None) -> int:
    """Forget a person's sign-ins, but for one perhaps; returns how many."""
    ended = delete(SignIn).where(col(SignIn.user_id) == user_id)
    if but is not None:
        ended = ended.where(col(SignIn.id) != but)
    return db.exec(ended).rowcount


def end_one_sign_in(db: Session, sign_in_id: int, user_id: int) -> bool:
    """Forget one of a person's sign-ins; False when they have no such one."""
    ended = delete(SignIn).where(col(SignIn.id) == sign_in_id, col(SignIn.user_id) == user_id)
    return db.exec(ended).rowcount == 1


def sign_ins(
    db: Session, now: datetime, idle_since: datetime, *, user_id: int | None = None
) -> Sequence[SignIn]:
    """Return the sign-ins that are still good, of everybody or one person, last used first."""
    good = select(SignIn).where(col(SignIn.expires_at) > now, col(SignIn.seen_at) > idle_since)
    if user_id is not None:
        good = good.where(SignIn.user_id == user_id)
    return db.exec(good.order_by(col(SignIn.seen_at).desc(), col(SignIn.id).desc())).all()


def user_of_token(db: Session, token_hash: str) -> User | None:
    """Return whose sign-in a browser's token is, whether or not it is still good."""
    held = select(User).join(SignIn, col(SignIn.user_id) == col(User.id))
    return db.exec(held.where(SignIn.token_hash == token_hash)).one_or_none()


def user_by_subject(db: Session, subject: str) -> User | None:
    """Return a person by who they are at the identity provider."""
    return db.exec(select(User).where(User.oidc_subject == subject)).one_or_none()


def active_admins(db: Session) -> Sequence[int]:
    """Return the active administrators' ids, and keep others from changing them meanwhile."""
    admins = select(User.id).where(User.role == Role.admin, col(User.active))
    found = db.exec(admins.order_by(col(User.id)).with_for_update()).all()
    return [user_id for user_id in found if user_id is not None]


def named_token(db: Session, name: str) -> ApiToken | None:
    """Return a token by its name."""
    return db.exec(select(ApiToken).where(ApiToken.name == name)).one_or_none()


def token_by_id(db: Session, token_id: int) -> ApiToken | None:
    """Return a token by its number."""
    return db.get(ApiToken, token_id)
