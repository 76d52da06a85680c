"""Somebody comes in whom the identity provider vouches for.

Who they are is decided by issuer and subject alone.  An e-mail address only finds an account that
waits for its owner: one without a password, when the provider says that it verified the address.
An account with a password is never taken over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.actions.people import open_sign_in
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.groups import role_of
from app.core.vocabulary import Role
from app.db.models import User
from app.db.queries import activity, people


@dataclass(frozen=True, slots=True)
class Vouched:
    """Who somebody is, in the provider's words; `verified` is None when it says nothing of it."""

    subject: str
    email: str
    verified: bool | None
    name: str
    groups: frozenset[str]


def come_in(
    db: Session,
    who: Vouched,
    *,
    role_map: Mapping[str, Role],
    at: datetime,
    replaces: str | None = None,
    counted: Sequence[int] = (),
) -> str:
    """Let somebody in with the role of their groups; returns the browser's token.

    `counted`: what was counted for this attempt, should it fail.
    """
    role = role_of(who.groups, role_map)
    people.take_turns(db, {who.subject, who.email.strip().lower()})
    user = people.user_by_subject(db, who.subject)
    if role is None:
        _keep_out(db, user, at)
        raise Forbidden(
            f"{who.email or who.subject} is in no group that may use Bugsprint; "
            "ask an administrator which group that is."
        )
    user = user or _waiting(db, who) or _new(who, role, at)
    if not user.active:
        raise Forbidden(f"The account {user.email} is kept out; ask an administrator.")
    changed = user.role != role or user.oidc_subject is None or user.id is None
    user.role, user.oidc_subject = role, who.subject
    db.add(user)
    db.flush()
    people.forget_failures(db, counted)
    said = ("came_in", f"as {role.value.replace('_', ' ')}") if changed else ("signed_in", "")
    return open_sign_in(db, user, at=at, via="oidc", replaces=replaces, said=said)


def _keep_out(db: Session, user: User | None, at: datetime) -> None:
    """End what somebody had open who is in no group any more."""
    if user is None or user.id is None:
        return
    people.end_sign_ins(db, user.id)
    activity.note(db, at=at, actor=user.name, verb="kept_out", detail="in no group of the role map")
    db.commit()


def _waiting(db: Session, who: Vouched) -> User | None:
    """Return the account that an administrator made ready for this person."""
    user = people.user_by_email(db, who.email) if who.email else None
    if user is None:
        return None
    if user.oidc_subject is not None or user.demo:
        raise Conflict(f"{who.email} belongs to somebody else's account; ask an administrator.")
    if user.password_hash is not None:
        raise Conflict(
            f"There is an account {user.email} with a password. Sign in with that; or let an "
            "administrator take its password away, and then sign in here."
        )
    if who.verified is not True:
        raise Conflict(
            f"There is an account {user.email}, but the identity provider does not say that this "
            "address was verified; ask an administrator."
        )
    return user


def _new(who: Vouched, role: Role, at: datetime) -> User:
    """Make an account for somebody who comes for the first time."""
    email = who.email.strip().lower()
    if "@" not in email or len(email) > 254:
        raise Invalid("The identity provider names no e-mail address of yours; it has to.")
    if who.verified is False:
        raise Invalid(f"The identity provider says that {email} was not verified; verify it there.")
    name = who.name.strip()[:80] or email.split("@")[0].replace(".", " ").title()
    return User(email=email, name=name, role=role, created_at=at)
