"""People and programs: accounts, signing in and out, tokens."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlmodel import Session

from app.actions.passwords import fits, sealed
from app.core.errors import Conflict, Invalid, NotFound, TooMany
from app.core.permissions import TOKEN_SCOPES
from app.core.vocabulary import Role
from app.db.models import ApiToken, SignIn, User
from app.db.queries import activity, people, second_factor, teams

ABSOLUTE = timedelta(days=7)
IDLE = timedelta(hours=12)
TOKEN_LIFE = timedelta(days=365)
FAILURES_PER_ACCOUNT, FAILURES_PER_ADDRESS = 5, 20
WINDOW = timedelta(minutes=1)
GIVEN_LIFE = timedelta(days=7)
"""How long a password that an administrator gave lets somebody in, to choose their own."""


class CodeOwed(Exception):
    """The password was right, and a code has to follow; `token` is what the browser is known by."""

    def __init__(self, token: str) -> None:
        super().__init__("A code of the second factor has to follow.")
        self.token = token


def hashed(token: str) -> str:
    """Return what is stored of a random token; it has enough entropy to need no salt."""
    return sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who shall be able to come in.

    Without a password they come in through the identity provider or a proxy, or not yet.
    """

    email: str
    role: Role
    name: str = ""
    password: str | None = None
    team: str | None = None
    organiser: bool = False


def add_user(
    db: Session, email: str, *, role: Role, password: str | None, team: str | None, at: datetime
) -> int:
    """Add a person with a local account; without a password nobody can sign in as them yet."""
    new = NewPerson(email, role, password=password, team=team)
    return add_person(db, new, actor="command", at=at)


def add_person(db: Session, new: NewPerson, *, actor: str, at: datetime) -> int:
    """Add a person."""
    address = new.email.strip().lower()
    if "@" not in address or len(address) > 254:
        raise Invalid(f"“{new.email}” is not an e-mail address.")
    stored = sealed(new.password, email=address) if new.password else None
    people.take_turns(db, [address])
    if people.user_by_email(db, address):
        raise Conflict(f"There is a person with the address {address} already.")
    found = teams.team_by_key(db, new.team) if new.team else None
    if new.team and found is None:
        raise NotFound(f"There is no team “{new.team}”; import the teams first.")
    made = User(
        email=address,
        name=new.name.strip() or address.split("@")[0].replace(".", " ").title(),
        role=new.role,
        password_hash=stored,
        password_given_at=at if stored and people.any_user(db) else None,
        team_id=found.id if found else None,
        organiser=new.organiser,
        created_at=at,
    )
    db.add(made)
    db.flush()
    activity.note(db, at=at, actor=actor, verb="user_added", detail=f"{address} as {new.role}")
    db.commit()
    assert made.id is not None
    return made.id


def add_demo_user(
    db: Session, email: str, *, name: str, role: Role, team: str | None, at: datetime
) -> None:
    """Add one of the demo's people, in whose name anybody may sign in there with a click."""
    found = teams.team_by_key(db, team) if team else None
    organiser = role == Role.support_lead
    db.add(
        User(
            email=email,
            name=name,
            role=role,
            team_id=found.id if found else None,
            organiser=organiser,
            demo=True,
            created_at=at,
        )
    )
    db.commit()


def sign_in(
    db: Session,
    email: str,
    password: str,
    *,
    address: str,
    at: datetime,
    replaces: str | None = None,
) -> str:
    """Check a password and open a sign-in; returns the browser's token.

    The attempt counts as failed until it succeeds, so that many at once cannot pass the limit;
    and no transaction is open while the password is hashed, which takes long.
    """
    counted = count_attempt(db, email, address=address, at=at)
    user = people.user_by_email(db, email)
    stored = user.password_hash if user and user.active else None
    user_id = user.id if user else None
    db.rollback()
    # An unknown account costs as much time as a wrong password, so that neither shows.
    if not fits(password, stored):
        raise Invalid("This e-mail address and password do not belong together.")
    user = db.get(User, user_id, populate_existing=True)
    if user is None or not user.active or user.password_hash != stored:
        raise Invalid("This account was changed a moment ago; try again.")
    people.forget_failures(db, counted)
    if user.password_given_at and at - user.password_given_at > GIVEN_LIFE:
        db.commit()
        raise Invalid(
            f"This first password ended after {GIVEN_LIFE.days} days; "
            "ask an administrator for another one."
        )
    if second_factor.in_use(db, user.id or 0):
        owed = secrets.token_urlsafe(32)
        second_factor.ask(db, user.id or 0, hashed(owed), at)
        db.commit()
        raise CodeOwed(owed)
    return open_sign_in(db, user, at=at, replaces=replaces)


def count_attempt(db: Session, account: str | None, *, address: str, at: datetime) -> list[int]:
    """Count an attempt to sign in before it is made; too many in a minute are refused."""
    limits = {f"address:{address}"[:300]: FAILURES_PER_ADDRESS}
    if account is not None:
        limits[f"account:{account.strip().lower()}"[:300]] = FAILURES_PER_ACCOUNT
    people.take_turns(db, limits)
    since = at - WINDOW
    if any(people.failures_since(db, what, since) >= most for what, most in limits.items()):
        db.rollback()
        raise TooMany("Too many attempts to sign in; wait a minute and try again.")
    counted = people.note_failure(db, list(limits), at, since)
    db.commit()
    return counted


def open_sign_in(
    db: Session,
    user: User,
    *,
    at: datetime,
    via: str = "password",
    replaces: str | None = None,
    said: tuple[str, str] = ("signed_in", ""),
) -> str:
    """Open a new sign-in for a person; returns the token, of which only a hash is stored.

    The browser's sign-in until now, which it `replaces`, ends.  `said` is the note's verb and
    detail, when signing in changes something besides.
    """
    token = secrets.token_urlsafe(32)
    assert user.id is not None
    people.drop_expired_sign_ins(db, at)
    if replaces:
        people.end_sign_in(db, hashed(replaces))
    db.add(
        SignIn(
            token_hash=hashed(token),
            user_id=user.id,
            via=via,
            created_at=at,
            seen_at=at,
            expires_at=at + ABSOLUTE,
        )
    )
    activity.note(db, at=at, actor=user.name, verb=said[0], detail=said[1])
    db.commit()
    return token


def demo_sign_in(db: Session, role: Role, *, at: datetime, replaces: str | None = None) -> str:
    """Open a sign-in as the demo's person of a role; only the demo has such people."""
    for user in people.users(db):
        if user.demo and user.role == role and user.active:
            return open_sign_in(db, user, at=at, via="demo", replaces=replaces)
    raise NotFound("One-click sign-in exists only in the demo.")


def sign_out(db: Session, token: str, *, actor: str, at: datetime) -> None:
    """End one sign-in."""
    people.end_sign_in(db, hashed(token))
    activity.note(db, at=at, actor=actor, verb="signed_out")
    db.commit()


def keep_alive(db: Session, sign_in_id: int, *, at: datetime) -> None:
    """Note that a sign-in is in use, so that it does not idle out."""
    people.touch_sign_in(db, sign_in_id, at)
    db.commit()


def note_use(db: Session, token_id: int, *, at: datetime) -> None:
    """Note that a program's token is in use."""
    people.touch_token(db, token_id, at)
    db.commit()


def create_token(
    db: Session,
    name: str,
    *,
    scopes: Sequence[str],
    at: datetime,
    days: int = TOKEN_LIFE.days,
    actor: str = "command",
) -> str:
    """Make a program's token; it is shown this once and stored as a hash."""
    unknown = set(scopes) - TOKEN_SCOPES
    if unknown or not scopes:
        wrong = f"There is no scope “{min(unknown)}”; " if unknown else "Name at least one scope; "
        raise Invalid(wrong + f"known scopes: {', '.join(sorted(TOKEN_SCOPES))}.")
    if not 1 <= days <= TOKEN_LIFE.days:
        raise Invalid(f"A token is good for 1 to {TOKEN_LIFE.days} days.")
    if not name.strip() or len(name) > 80:
        raise Invalid("A token has a name of 1 to 80 letters.")
    if people.named_token(db, name):
        raise Conflict(f"There is a token “{name}” already; choose another name.")
    token = "bsp_" + secrets.token_urlsafe(32)
    db.add(
        ApiToken(
            name=name,
            token_hash=hashed(token),
            ending=token[-4:],
            scopes=sorted(set(scopes)),
            made_by=actor,
            created_at=at,
            expires_at=at + timedelta(days=days),
        )
    )
    activity.note(db, at=at, actor=actor, verb="token_created", detail=name)
    db.commit()
    return token


def revoke_token(db: Session, token: ApiToken | None, *, actor: str, at: datetime) -> None:
    """End a program's token; it is refused from the next request on."""
    if token is None:
        raise NotFound("There is no such token.")
    if token.revoked_at is not None:
        raise Conflict(f"The token “{token.name}” was revoked already.")
    token.revoked_at = at
    activity.note(db, at=at, actor=actor, verb="token_revoked", detail=token.name)
    db.commit()
