"""What a handler works at: who asks, what they may do, the time, and the database.

Every route is registered through `needs`, which names its one permission; it is checked before
the handler runs, in the same thread, and the sessions are given back before the answer leaves.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, partial, wraps
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Response
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.actions import people as accounts
from app.actions import repeats
from app.core.errors import Forbidden
from app.core.permissions import UNFINISHED, Permission, granted
from app.core.vocabulary import Role
from app.db.engine import hurried, trouble
from app.db.models import User
from app.db.queries import activity, people, teams
from app.db.queries.standing import Glances, Standing, standing
from app.web import wishes
from app.web.openapi import refuse_unknown
from app.web.proxies import VOUCHED
from app.web.visitors import SignInNeeded, Unfinished, Visitor, owed_by

COOKIE = "__Host-bugsprint"
COOKIE_PLAIN = "bugsprint"  # where there is no TLS: browsers refuse __Host- cookies there
SEEN_EVERY = timedelta(minutes=10)
Handler = TypeVar("Handler", bound=Callable[..., Any])


class Desk:
    """One request's view of the world."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.engine: Engine = request.app.state.engine
        self.demo: bool = request.app.state.demo
        self.wish: wishes.Wish | None = None
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
        db = self._open(self.engine)
        activity.act_for(db, self.visitor.user_id)
        return db

    @cached_property
    def reader(self) -> Session:
        """A session that only reads, and waits for no writer."""
        return self._open(self.request.app.state.reading)

    @property
    def after(self) -> Session:
        """The reader as of now: what was just written shows, and no writer is kept waiting."""
        self.reader.rollback()
        return self.reader

    @cached_property
    def visitor(self) -> Visitor:
        """Who asks; a cookie never counts beside a bearer token."""
        header = self.request.headers.get("authorization", "")
        scheme, _, token = header.strip().partition(" ")
        bearer = scheme.lower() == "bearer"
        found = self._program(token.strip()) if bearer else self._somebody()
        if found:
            return found
        if self.demo and not header:
            can = granted(Role.viewer) - {Permission.account_write, Permission.account_secure}
            return Visitor("Visitor", Role.viewer, can, signed_in=False)
        return Visitor("", Role.viewer, frozenset({Permission.anyone}), signed_in=False)

    @cached_property
    def token(self) -> str | None:
        """The browser's sign-in token."""
        return self.request.cookies.get(self.cookie_name)

    @property
    def cookie_name(self) -> str:
        """The cookie's name, by whether the product is served over TLS."""
        return cookie_name(self.request.app.state.base_url)

    @property
    def asker(self) -> str:
        """Who asks, in a word that no other person or program shares."""
        header = self.request.headers.get("authorization", "")
        if header[:7].lower() == "bearer ":
            return f"program {accounts.hashed(header[7:])}"
        if self.standing is not None:
            return f"person {people.holder(self.reader, self.standing.sign_in_id)}"
        client = self.request.client
        return f"address {client.host if client else 'unknown'}"

    def work_in(self, db: Session) -> None:
        """Read and write in one transaction of somebody else's."""
        self.close()
        activity.act_for(db, self.visitor.user_id)
        self.db = self.reader = db

    def can(self, permission: Permission) -> bool:
        """Say whether the visitor has a permission."""
        return permission in self.visitor.can

    def admit(self, permission: Permission) -> None:
        """Refuse visitors without the permission."""
        self.request.state.asker = self.visitor.number
        if self.can(permission):
            return
        if not self.visitor.signed_in:
            raise SignInNeeded("Sign in first.")
        if self.visitor.owed:
            raise Unfinished(self.visitor.owed)
        raise Forbidden(
            f"Your role, {self.visitor.role.value.replace('_', ' ')}, may not do this "
            f"({permission.value}); an administrator can change roles."
        )

    def admit_for(self, team_id: int | None) -> None:
        """Refuse those who may plan for one team what concerns another, or all of them."""
        only = self.visitor.leads
        if only is not None and team_id != only:
            raise Forbidden(f"You lead {self.visitor.team}; you can change the plan of this team.")

    def close(self) -> None:
        """Give back what was opened."""
        for session in self._sessions:
            session.close()

    def _open(self, engine: Engine) -> Session:
        session = Session(engine, expire_on_commit=False)
        self._sessions.append(session)
        return session

    @cached_property
    def standing(self) -> Standing | None:
        """The sign-in behind the browser's cookie, and the version of the data; None: neither."""
        if not self.token or self.vouched is not None:
            return None
        held, at = accounts.hashed(self.token), moments(self.at)
        glances: Glances | None = self.request.app.state.glances
        # What is shown has to be read together with this; what is done only needs to know who.
        if glances and self.request.method == "POST" and (found := glances.look(held, **at)):
            return found
        return standing(self.reader, held, **at)

    @property
    def vouched(self) -> str | None:
        """Whom a trusted proxy says it has signed in; then no cookie counts."""
        said: str | None = self.request.scope.get("state", {}).get(VOUCHED)
        return said

    @property
    def client(self) -> str:
        """The address that asks, as far as trusted proxies tell."""
        return self.request.client.host if self.request.client else "unknown"

    def user(self) -> User | None:
        """The person who asks; None for programs and those who are not signed in."""
        if not self.visitor.signed_in or "authorization" in self.request.headers:
            return None
        if self.vouched is not None:
            return people.user_by_email(self.reader, self.vouched)
        return people.user_of_token(self.reader, accounts.hashed(self.token or ""))

    def _somebody(self) -> Visitor | None:
        return self._person() if self.vouched is None else self._vouched_for(self.vouched)

    def _vouched_for(self, email: str) -> Visitor | None:
        user = people.user_by_email(self.reader, email)
        if user is None or not user.active or user.demo:
            return None
        team = teams.team(self.reader, user.team_id) if user.team_id else None
        can = granted(user.role, organiser=user.organiser)
        return Visitor(
            user.name,
            user.role,
            can,
            user.team_id,
            team.name if team else None,
            user_id=user.id,
            preferences=json.dumps(user.preferences),
        )

    def _person(self) -> Visitor | None:
        found = self.standing
        if found is None:
            return None
        if not found.fresh:
            self.quietly(lambda db: accounts.keep_alive(db, found.sign_in_id, at=self.at))
        owed = owed_by(found.given, found.alone and self.request.app.state.second_factor)
        can = granted(found.role, organiser=found.organiser, lead=found.lead)
        narrow = Permission.plan_write in can - granted(found.role, organiser=found.organiser)
        return Visitor(
            found.name,
            found.role,
            UNFINISHED if owed else can,
            found.team_id,
            found.team,
            leads=found.team_id if narrow else None,
            user_id=found.user_id,
            preferences=found.preferences,
            owed=owed,
        )

    def quietly(self, write: Callable[[Session], None]) -> None:
        """Note something by the way; a page need not wait for it, the next request does it."""
        db = self._open(hurried(self.engine))
        try:
            write(db)
        except OperationalError as error:
            if trouble(error) is None:
                raise
            db.rollback()

    def _program(self, token: str) -> Visitor | None:
        known = people.token(self.reader, accounts.hashed(token), self.at)
        if known is None:
            return None
        used = known.last_used_at
        if known.id is not None and (used is None or self.at - used > SEEN_EVERY):
            self.quietly(lambda db: accounts.note_use(db, known.id or 0, at=self.at))
        can = frozenset({Permission.anyone, *map(Permission, known.scopes)})
        if Permission.link_write in can:
            can |= {Permission.link_suggest}
        return Visitor(f"program {known.name}", Role.viewer, can)


def cookie_name(base_url: str) -> str:
    """Return the name of the sign-in's cookie, by whether the product is served over TLS."""
    return COOKIE if base_url.startswith("https://") else COOKIE_PLAIN


def moments(at: datetime) -> dict[str, datetime]:
    """Return since when a sign-in must have been used to be good, and to be left alone."""
    utc = at.astimezone(UTC)
    return {"now": utc, "idle_since": utc - accounts.IDLE, "fresh_since": utc - SEEN_EVERY}


async def _desk(request: Request) -> Desk:
    desk = Desk(request)
    desk.wish = await wishes.wish_of(request)
    return desk


AtDesk = Annotated[Desk, Depends(_desk)]


def needs(permission: Permission) -> Callable[[Handler], Handler]:
    """Guard a handler (which must take `desk`) with the one permission of its route."""

    def guard(handler: Handler) -> Handler:
        @wraps(handler)
        def guarded(*args: Any, **given: Any) -> Any:
            desk: Desk = given["desk"]
            try:
                desk.admit(permission)
                refuse_unknown(desk.request)
                if desk.wish is None:
                    return handler(*args, **given)
                return _once(desk, desk.wish, partial(handler, *args, **given))
            finally:
                desk.close()

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def _once(desk: Desk, wish: wishes.Wish, act: Callable[[], Response]) -> Response:
    """Do what is wished unless that was done before; either way the answer is the same."""
    wishes.check(wish)
    in_hand: repeats.InHand = desk.request.app.state.in_hand
    asked = repeats.Asked(desk.asker, *wish, desk.at)
    with in_hand.holding(asked.who, asked.key), repeats.once(desk.engine, asked) as turn:
        if turn.known is not None:
            return wishes.again(turn.known)
        desk.work_in(turn.db)
        answer = act()
        if answer.status_code < 400:
            turn.keep(wishes.kept(answer))
        return answer
