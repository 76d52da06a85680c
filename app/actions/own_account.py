"""What a person does about their own account: the password, and where they are signed in."""

from datetime import datetime, timedelta

from sqlmodel import Session

from app.actions.passwords import fits, sealed
from app.actions.people import count_attempt, hashed, open_sign_in
from app.core.errors import Conflict, Invalid, NotFound
from app.core.preferences import Preferences, stored
from app.db.models import User
from app.db.queries import activity, people, second_factor

JUST_NOW = timedelta(minutes=10)
"""So long ago somebody may have signed in who ends sign-ins."""


def change_password(
    db: Session, token: str, old: str, new: str, *, address: str, at: datetime
) -> str:
    """Change one's password; every sign-in ends, and the browser gets a new one.

    The old password is asked for, and guessing it counts like guessing at the door.
    """
    user, counted = confirmed_password(db, token, old, address=address, at=at)
    email, stored = user.email, user.password_hash
    db.rollback()
    if new == old:
        raise Invalid("This is your password until now; choose another one.")
    fresh = sealed(new, email=email)
    user = _holder(db, token)
    if user.email != email or user.password_hash != stored:
        raise Conflict("Your account was changed a moment ago; try again.")
    user.password_hash, user.password_given_at = fresh, None
    people.end_sign_ins(db, user.id or 0)
    second_factor.forget_asking(db, user.id or 0)
    people.forget_failures(db, counted)
    return open_sign_in(db, user, at=at, said=("password_changed", ""))


def confirmed_password(
    db: Session, token: str, password: str, *, address: str, at: datetime
) -> tuple[User, list[int]]:
    """Return whose sign-in it is if the password is theirs, and what was counted for asking.

    No transaction is open while the password is hashed, which takes long.
    """
    user = _holder(db, token)
    user_id, email, stored = user.id, user.email, user.password_hash
    db.rollback()
    if stored is None:
        raise Conflict("This account has no password here; it signs in elsewhere.")
    counted = count_attempt(db, email, address=address, at=at)
    if not fits(password, stored):
        raise Invalid("This is not your password until now; nothing was changed.")
    user = _holder(db, token)
    if user.id != user_id or user.password_hash != stored:
        raise Conflict("Your account was changed a moment ago; try again.")
    return user, counted


def sign_in_again(db: Session, token: str, password: str, *, address: str, at: datetime) -> str:
    """Give the password once more; the browser gets a new sign-in in place of this one."""
    user, counted = confirmed_password(db, token, password, address=address, at=at)
    people.forget_failures(db, counted)
    return open_sign_in(db, user, at=at, replaces=token)


def check_just_signed_in(db: Session, token: str, *, at: datetime) -> None:
    """Refuse to end sign-ins for who may only have found a browser open."""
    began = people.began(db, hashed(token))
    if began is not None and at - began > JUST_NOW:
        raise Conflict("You signed in a while ago; sign in once more, then end sign-ins.")


def end_sign_in(db: Session, user_id: int, sign_in_id: int, *, actor: str, at: datetime) -> None:
    """End one of one's sign-ins, in this browser or another."""
    if not people.end_one_sign_in(db, sign_in_id, user_id):
        raise NotFound("You have no such sign-in; it may have ended already.")
    activity.note(db, at=at, actor=actor, verb="signed_out")
    db.commit()


def sign_out_everywhere(db: Session, user_id: int, *, actor: str, at: datetime) -> None:
    """End all of one's sign-ins."""
    people.end_sign_ins(db, user_id)
    activity.note(db, at=at, actor=actor, verb="signed_out_everywhere")
    db.commit()


def _holder(db: Session, token: str) -> User:
    user = people.user_of_token(db, hashed(token))
    if user is None:
        raise NotFound("This sign-in has ended.")
    return user


def set_preferences(db: Session, user_id: int, wish: Preferences) -> None:
    """Remember how somebody likes their pages; no note: it concerns nobody else."""
    user = db.get(User, user_id)
    if user is None:
        raise NotFound("There is no account behind this request.")
    user.preferences = stored(wish)
    db.commit()
