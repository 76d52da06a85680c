"""People and programs: accounts, signing in and out, tokens."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import Session

from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.permissions import TOKEN_SCOPES
from app.core.vocabulary import Role
from app.db.models import ApiToken, SignIn, User
from app.db.queries import activity, people, teams

ABSOLUTE = timedelta(days=7)
IDLE = timedelta(hours=12)
TOKEN_LIFE = timedelta(days=365)
FAILURES_PER_ACCOUNT, FAILURES_PER_ADDRESS = 5, 20
SHORTEST, LONGEST = 8, 1024
hasher = PasswordHash((Argon2Hasher(),))


def hashed(token: str) -> str:
    """Return what is stored of a random token; it has enough entropy to need no salt."""
    return sha256(token.encode()).hexdigest()


def add_user(
    db: Session, email: str, *, role: Role, password: str | None, team: str | None, at: datetime
) -> int:
    """Add a person with a local account; without a password nobody can sign in as them yet."""
    address = email.strip().lower()
    if "@" not in address or len(address) > 254:
        raise Invalid(f"“{email}” is not an e-mail address.")
    if people.user_by_email(db, address):
        raise Conflict(f"There is a person with the address {address} already.")
    found = teams.team_by_key(db, team) if team else None
    if team and found is None:
        raise NotFound(f"There is no team “{team}”; import the teams first.")
    made = User(
        email=address,
        name=address.split("@")[0].replace(".", " ").title(),
        role=role,
        password_hash=_hash(password) if password else None,
        team_id=found.id if found else None,
        created_at=at,
    )
    db.add(made)
    db.flush()
    activity.note(db, at=at, actor="command", verb="user_added", detail=f"{address} as {role}")
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


def sign_in(db: Session, email: str, password: str, *, address: str, at: datetime) -> str:
    """Check a password and open a sign-in; returns the browser's token."""
    account, place = f"account:{email.strip().lower()}"[:300], f"address:{address}"[:300]
    since = at - timedelta(minutes=1)
    if (
        people.failures_since(db, account, since) >= FAILURES_PER_ACCOUNT
        or people.failures_since(db, place, since) >= FAILURES_PER_ADDRESS
    ):
        raise Forbidden("Too many attempts to sign in; wait a minute and try again.")
    user = people.user_by_email(db, email)
    stored = user.password_hash if user and user.active else None
    # An unknown account costs as much time as a wrong password, so that neither shows.
    good = hasher.verify(password[:LONGEST], stored or _DECOY)
    if not (good and stored and user and user.id):
        people.note_failure(db, [account, place], at, since)
        db.commit()
        raise Invalid("This e-mail address and password do not belong together.")
    return open_sign_in(db, user, at=at)


def open_sign_in(db: Session, user: User, *, at: datetime) -> str:
    """Open a new sign-in for a person; returns the token, of which only a hash is stored."""
    token = secrets.token_urlsafe(32)
    assert user.id is not None
    people.drop_expired_sign_ins(db, at)
    db.add(
        SignIn(
            token_hash=hashed(token),
            user_id=user.id,
            created_at=at,
            seen_at=at,
            expires_at=at + ABSOLUTE,
        )
    )
    activity.note(db, at=at, actor=user.name, verb="signed_in")
    db.commit()
    return token


def demo_sign_in(db: Session, role: Role, *, at: datetime) -> str:
    """Open a sign-in as the demo's person of a role; only the demo has such people."""
    for user in people.users(db):
        if user.demo and user.role == role and user.active:
            return open_sign_in(db, user, at=at)
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


def create_token(db: Session, name: str, *, scopes: Sequence[str], at: datetime) -> str:
    """Make a program's token; it is shown this once and stored as a hash."""
    unknown = set(scopes) - TOKEN_SCOPES
    if unknown or not scopes:
        wrong = f"There is no scope “{min(unknown)}”; " if unknown else "Name at least one scope; "
        raise Invalid(wrong + f"known scopes: {', '.join(sorted(TOKEN_SCOPES))}.")
    if people.named_token(db, name):
        raise Conflict(f"There is a token “{name}” already; choose another name.")
    token = "bsp_" + secrets.token_urlsafe(32)
    db.add(
        ApiToken(
            name=name,
            token_hash=hashed(token),
            scopes=sorted(set(scopes)),
            created_at=at,
            expires_at=at + TOKEN_LIFE,
        )
    )
    activity.note(db, at=at, actor="command", verb="token_created", detail=name)
    db.commit()
    return token


def _hash(password: str) -> str:
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(f"A password has at least {SHORTEST} characters; 15 or more are better.")
    return hasher.hash(password)


_DECOY = hasher.hash(secrets.token_urlsafe(16))
