"""What a handler works at: who asks, what they may do, the time, and the database.

Every route is registered through `needs`, which names its one permission; it is checked before
the handler runs, in the same thread, and the sessions are given back before the answer leaves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, wraps
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.actions import people as accounts
from app.core.errors import Forbidden
from app.core.permissions import Permission, granted
from app.core.vocabulary import Role
from app.db.engine import is_busy, read_only
from app.db.models import User
from app.db.queries import people

COOKIE = "__Host-bugsprint"
COOKIE_PLAIN = "bugsprint"  # where there is no TLS: browsers refuse __Host- cookies there
SEEN_EVERY = timedelta(minutes=10)
Handler = TypeVar("Handler", bound=Callable[..., Any])


class SignInNeeded(Forbidden):
    """Nobody is signed in; a page sends them to the door."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person or a program, and what it may do."""

    name: str
    role: Role
    can: frozenset[Permission]
    team_id: int | None = None
    team: str | None = None
    signed_in: bool = True

    @property
    def key(self) -> tuple[object, ...]:
        """What a page that is kept for this visitor depends on."""
        return (self.name, self.role, hash(self.can), self.team_id, self.team, self.signed_in)


class Desk:
    """One request's view of the world."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.engine: Engine = request.app.state.engine
        self.demo: bool = request.app.state.demo
        self._sessions: list[Session] = []

    @cached_property
    def at(self) -> datetime:
        """The time of the request."""
        now: datetime = self.request.app.state.clock()
        return now

    @property
    def today(self) -> date:
        """The date of the request, in UTC."""
        return self.at.astimezone(UTC).date()

    @cached_property
    def db(self) -> Session:
        """A session that may write."""
        return self._open(self.engine)

    @cached_property
    def reader(self) -> Session:
        """A session that only reads, and waits for no writer."""
        return self._open(read_only(self.engine))

    @cached_property
    def visitor(self) -> Visitor:
        """Who asks; a cookie never counts beside a bearer token."""
        header = self.request.headers.get("authorization", "")
        found = self._program(header[7:]) if header[:7].lower() == "bearer " else self._person()
        if found:
            return found
        if self.demo and not header:
            can = granted(Role.viewer)
            return Visitor("Visitor", Role.viewer, can, signed_in=False)
        return Visitor("", Role.viewer, frozenset({Permission.anyone}), signed_in=False)

    @property
    def token(self) -> str | None:
        """The browser's sign-in token."""
        return self.request.cookies.get(self.cookie_name)

    @property
    def cookie_name(self) -> str:
        """The cookie's name, by whether the product is served over TLS."""
        secure = self.request.app.state.base_url.startswith("https://")
        return COOKIE if secure else COOKIE_PLAIN

    def can(self, permission: Permission) -> bool:
        """Say whether the visitor has a permission."""
        return permission in self.visitor.can

    def admit(self, permission: Permission) -> None:
        """Refuse visitors without the permission."""
        if self.can(permission):
            return
        if not self.visitor.signed_in:
            raise SignInNeeded("Sign in first.")
        raise Forbidden(
            f"Your role, {self.visitor.role.value.replace('_', ' ')}, may not do this "
            f"({permission.value}); an administrator can change roles."
        )

    def close(self) -> None:
        """Give back what was opened."""
        for session in self._sessions:
            session.close()

    def _open(self, engine: Engine) -> Session:
        session = Session(engine, expire_on_commit=False)
        self._sessions.append(session)
        return session

    def _person(self) -> Visitor | None:
        if not self.token:
            return None
        idle_since = self.at - accounts.IDLE
        found = people.signed_in(
            self.reader, accounts.hashed(self.token), now=self.at, idle_since=idle_since
        )
        if found is None:
            return None
        user, sign_in, team = found
        if self.at - sign_in.seen_at > SEEN_EVERY and sign_in.id is not None:
            self._renew(sign_in.id)
        return visitor_of(user, team)

    def _renew(self, sign_in_id: int) -> None:
        try:
            accounts.keep_alive(self.db, sign_in_id, at=self.at)
        except OperationalError as error:
            if not is_busy(error):
                raise
            self.db.rollback()  # the next request renews it; this page need not wait

    def _program(self, token: str) -> Visitor | None:
        known = people.token(self.reader, accounts.hashed(token), self.at)
        if known is None:
            return None
        can = frozenset({Permission.anyone, *map(Permission, known.scopes)})
        return Visitor(f"program {known.name}", Role.viewer, can)


def visitor_of(user: User, team: str | None) -> Visitor:
    """Return what a signed-in person may do now."""
    can = granted(user.role, organiser=user.organiser)
    return Visitor(user.name, user.role, can, user.team_id, team)


async def _desk(request: Request) -> Desk:
    return Desk(request)


AtDesk = Annotated[Desk, Depends(_desk)]


def needs(permission: Permission) -> Callable[[Handler], Handler]:
    """Guard a handler (which must take `desk`) with the one permission of its route."""

    def guard(handler: Handler) -> Handler:
        @wraps(handler)
        def guarded(*args: Any, **given: Any) -> Any:
            desk: Desk = given["desk"]
            try:
                desk.admit(permission)
                return handler(*args, **given)
            finally:
                desk.close()

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard
