"""A second factor beside the password: set up, asked for at the door, taken off."""

import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from app.actions.own_account import confirmed_password
from app.actions.people import count_attempt, hashed, open_sign_in
from app.actions.vault import Vault
from app.core import onetime
from app.core.errors import Conflict, Invalid, NotFound
from app.core.sentences import counted
from app.db.models import SecondFactor, User
from app.db.queries import activity, people
from app.db.queries import second_factor as rows

MINUTES = timedelta(minutes=5)
"""How long somebody may take from the password to the code."""
SECRET_BYTES, RECOVERY_BYTES, RECOVERY_CODES = 20, 15, 8
"""A recovery code has 120 random bits, so that its plain hash tells nothing."""
KEY = "authenticator"
WRONG = "This code is not right, or was used already; wait for the next one."
TOO_LATE = "This took longer than five minutes, or was begun in another browser; begin again."


@dataclass(frozen=True, slots=True)
class Asking:
    """The browser that asks: its token, where it asks from, and when."""

    token: str
    address: str
    at: datetime


def begin(db: Session, asking: Asking, password: str, *, vault: Vault) -> None:
    """Make a secret for an authenticator; it counts once a code of it was given."""
    user, counted_attempt = confirmed_password(
        db, asking.token, password, address=asking.address, at=asking.at
    )
    user_id = user.id or 0
    if rows.in_use(db, user_id):
        raise Conflict("You have a second factor already; turn it off first.")
    sealed = vault.seal({KEY: onetime.written(secrets.token_bytes(SECRET_BYTES))})
    rows.drop(db, user_id)
    db.add(SecondFactor(user_id=user_id, secret=sealed))
    people.forget_failures(db, counted_attempt)
    db.commit()


def confirm(db: Session, asking: Asking, code: str, *, vault: Vault) -> list[str]:
    """Let the authenticator count from now on; returns the recovery codes, shown this once."""
    user = people.user_of_token(db, hashed(asking.token))
    found = rows.of(db, user.id or 0) if user else None
    if user is None or found is None or found.since is not None:
        raise Conflict("There is nothing to confirm; begin to set the second factor up again.")
    user_id, email = user.id or 0, user.email
    db.rollback()
    counted_attempt = count_attempt(db, email, address=asking.address, at=asking.at)
    found = rows.of(db, user_id)
    if found is None or not _by_code(db, found, code, vault, asking.at):
        db.rollback()
        raise Invalid(WRONG)
    found.since = asking.at
    people.forget_failures(db, counted_attempt)
    here = people.user_of_token(db, hashed(asking.token))
    activity.note(db, at=asking.at, actor=here.name if here else email, verb="second_factor_on")
    made = _fresh_codes(db, user_id)
    db.commit()
    return made


def come_in(
    db: Session, asking: Asking, code: str, *, vault: Vault, replaces: str | None = None
) -> str:
    """Open a sign-in for who gave the password a moment ago, and now a code."""
    held = hashed(asking.token)
    found = rows.asked(db, held, asking.at - MINUTES)
    user = db.get(User, found.user_id) if found else None
    if found is None or user is None or not user.active:
        raise NotFound(TOO_LATE)
    user_id, email = found.user_id, user.email
    db.rollback()
    counted_attempt = count_attempt(db, email, address=asking.address, at=asking.at)
    found = rows.asked(db, held, asking.at - MINUTES)
    user = db.get(User, user_id, populate_existing=True)
    if found is None or user is None or not user.active:
        raise NotFound(TOO_LATE)
    said = _used(db, found, code, vault, asking.at)
    if said is None or not rows.end_asking(db, user_id, held):
        db.rollback()
        raise Invalid(WRONG)
    people.forget_failures(db, counted_attempt)
    return open_sign_in(db, user, at=asking.at, replaces=replaces, said=said)


def renew_codes(
    db: Session, asking: Asking, password: str, code: str, *, vault: Vault
) -> list[str]:
    """Make new recovery codes, in place of all older ones; they are shown this once."""
    user = _with_both(db, asking, password, code, vault=vault)
    made = _fresh_codes(db, user.id or 0)
    activity.note(db, at=asking.at, actor=user.name, verb="recovery_codes_made")
    db.commit()
    return made


def end(db: Session, asking: Asking, password: str, code: str, *, vault: Vault) -> None:
    """Go without a second factor again."""
    user = _with_both(db, asking, password, code, vault=vault)
    rows.drop(db, user.id or 0)
    activity.note(db, at=asking.at, actor=user.name, verb="second_factor_off")
    db.commit()


def reset(db: Session, user_id: int, *, actor: str, at: datetime) -> str:
    """Take the second factor of somebody who lost it off; returns whose it was."""
    user = db.get(User, user_id)
    if user is None:
        raise NotFound(f"There is no person {user_id}.")
    if not rows.drop(db, user_id):
        raise Conflict(f"{user.email} has no second factor.")
    people.end_sign_ins(db, user_id)
    activity.note(db, at=at, actor=actor, verb="second_factor_reset", detail=user.email)
    db.commit()
    return user.email


def opened(found: SecondFactor, vault: Vault) -> str:
    """Return the secret as an authenticator takes it."""
    return vault.open(found.secret)[KEY]


def _with_both(db: Session, asking: Asking, password: str, code: str, *, vault: Vault) -> User:
    user, counted_attempt = confirmed_password(
        db, asking.token, password, address=asking.address, at=asking.at
    )
    found = rows.of(db, user.id or 0)
    if found is None or found.since is None:
        raise Conflict("You have no second factor.")
    if _used(db, found, code, vault, asking.at) is None:
        db.rollback()
        raise Invalid(WRONG)
    people.forget_failures(db, counted_attempt)
    return user


def _used(
    db: Session, found: SecondFactor, code: str, vault: Vault, at: datetime
) -> tuple[str, str] | None:
    """Use a code up; returns what the record says of signing in with it, None for a wrong one."""
    if _by_code(db, found, code, vault, at):
        return "signed_in", ""
    if rows.use_recovery(db, found.user_id, hashed(_bare(code))):
        left = counted(rows.recovery_left(db, found.user_id), "code")
        return "signed_in_by_recovery", f"{left} left"
    return None


def _by_code(db: Session, found: SecondFactor, code: str, vault: Vault, at: datetime) -> bool:
    given = "".join(code.split())
    secret = onetime.read(opened(found, vault))
    step = onetime.matching(secret, given, at, after=found.last_step)
    return step is not None and rows.use_step(db, found.user_id, step)


def _fresh_codes(db: Session, user_id: int) -> list[str]:
    made = [
        _bare(b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode())
        for _ in range(RECOVERY_CODES)
    ]
    rows.keep_recovery(db, user_id, [hashed(each) for each in made])
    return ["-".join(each[start : start + 4] for start in range(0, 24, 4)) for each in made]


def _bare(code: str) -> str:
    return "".join(letter for letter in code.lower() if letter.isalnum())
