"""What an administrator does about people: their role and team, and whether they may come in."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.actions.passwords import sealed
from app.core.errors import Conflict, Invalid, NotFound
from app.core.vocabulary import Role
from app.db.models import User
from app.db.queries import activity, people, second_factor, teams

FIRST_BYTES = 12
"""Of a first password: too many to guess in the days that it is good."""


@dataclass(frozen=True, slots=True)
class Place:
    """Who somebody is here: how they are called, what they may do, and for whom they work."""

    name: str
    role: Role
    team: str | None
    organiser: bool


def change(db: Session, user_id: int, place: Place, *, actor: str, at: datetime) -> None:
    """Change a person's name, role, team and whether they organise; it counts at once."""
    user = _person(db, user_id)
    if not 1 <= len(place.name.strip()) <= 80:
        raise Invalid("A person's name has 1 to 80 letters.")
    if place.role != Role.admin:
        _keep_an_admin(db, user, "have another role")
    team = teams.team_by_key(db, place.team) if place.team else None
    if place.team and team is None:
        raise NotFound(f"There is no team “{place.team}”.")
    user.name, user.role, user.organiser = place.name.strip(), place.role, place.organiser
    user.team_id = team.id if team else None
    words = [place.role.value.replace("_", " "), *([team.name] if team else [])]
    detail = f"{user.email} is {', '.join([*words, *(['organiser'] if place.organiser else [])])}"
    activity.note(db, at=at, actor=actor, verb="user_changed", detail=detail)
    db.commit()


def deactivate(db: Session, user_id: int, *, actor: str, at: datetime) -> None:
    """Keep a person out from now on; what they did stays theirs."""
    user = _person(db, user_id)
    if not user.active:
        raise Conflict(f"{user.email} is kept out already.")
    _keep_an_admin(db, user, "be kept out")
    user.active = False
    people.end_sign_ins(db, user_id)
    activity.note(db, at=at, actor=actor, verb="user_deactivated", detail=user.email)
    db.commit()


def activate(db: Session, user_id: int, *, actor: str, at: datetime) -> None:
    """Let a person in again."""
    user = _person(db, user_id)
    if user.active:
        raise Conflict(f"{user.email} may come in already.")
    user.active = True
    activity.note(db, at=at, actor=actor, verb="user_activated", detail=user.email)
    db.commit()


def end_sign_ins(db: Session, user_id: int, *, actor: str, at: datetime) -> None:
    """Sign a person out of every browser."""
    user = _person(db, user_id)
    people.end_sign_ins(db, user_id)
    activity.note(db, at=at, actor=actor, verb="sign_ins_ended", detail=user.email)
    db.commit()


def hand_over(db: Session, user_id: int, *, actor: str, at: datetime) -> None:
    """Take a person's password away, so that only the identity provider or a proxy lets them in."""
    user = _person(db, user_id)
    if user.password_hash is None:
        raise Conflict(f"{user.email} has no password.")
    user.password_hash = user.password_given_at = None
    people.end_sign_ins(db, user_id)
    activity.note(db, at=at, actor=actor, verb="password_removed", detail=user.email)
    db.commit()


def give_password(db: Session, user_id: int, *, actor: str, at: datetime) -> tuple[str, str]:
    """Give a person a first password in place of a forgotten one; returns address and password.

    It is shown this once, ends by itself, and has to be changed before anything else.  A second
    factor stays: whoever forgot the password has that still.
    """
    user = _person(db, user_id)
    if user.oidc_subject is not None or user.demo:
        raise Conflict(f"{user.email} does not sign in with a password.")
    email = user.email
    db.rollback()  # hashing takes long
    made = secrets.token_urlsafe(FIRST_BYTES)
    stored = sealed(made, email=email)
    user = _person(db, user_id)
    user.password_hash, user.password_given_at = stored, at
    people.end_sign_ins(db, user_id)
    second_factor.forget_asking(db, user_id)
    activity.note(db, at=at, actor=actor, verb="password_given", detail=email)
    db.commit()
    return email, made


def _person(db: Session, user_id: int) -> User:
    user = db.get(User, user_id)
    if user is None:
        raise NotFound(f"There is no person {user_id}.")
    return user


def _keep_an_admin(db: Session, user: User, wish: str) -> None:
    admins = people.active_admins(db)
    if admins == [user.id]:
        raise Conflict(
            f"{user.email} is the last administrator and cannot {wish}; "
            "make somebody else an administrator first."
        )
