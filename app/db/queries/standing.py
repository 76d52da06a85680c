"""Who holds a sign-in, and for which version of the data: one small read before every answer."""

from collections import deque
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Engine, Text, and_, bindparam, cast, func, true
from sqlalchemy import select as rows_of
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlmodel import Session, col, select

from app.core.vocabulary import Role
from app.db.models import Activity, Member, SecondFactor, SignIn, Team, User
from app.db.prepared import Prepared, Row
from app.db.queries.sources import reading_now

MOMENT = timedelta(seconds=1)
"""How much later than to the second a sign-in may end while nobody writes anything."""


class Standing(NamedTuple):
    """Who asks, and what a page for them depends on; equal ones may be shown equal pages.

    `given`: they came with a password that somebody else knows.  `alone`: with nothing beside it.
    `fresh`: the sign-in was used a moment ago, so that its use need not be noted again.
    """

    sign_in_id: int
    user_id: int
    name: str
    role: Role
    organiser: bool
    team_id: int | None
    team: str | None
    lead: bool
    preferences: str
    given: bool
    alone: bool
    fresh: bool
    latest: int
    reading: tuple[object, ...]

    @property
    def version(self) -> tuple[object, ...]:
        """Of which state of the data a page is true: newest note and newest reading."""
        return (self.latest, self.reading)


_FACTS = Standing._fields.index("reading")


def standing(
    db: Session, token_hash: str, *, now: datetime, idle_since: datetime, fresh_since: datetime
) -> Standing | None:
    """Return who holds a sign-in that is still good."""
    given = {"token": token_hash, "now": now, "idle": idle_since, "fresh": fresh_since}
    return _read(_standing().first(db, **given))


def _read(row: Row | None) -> Standing | None:
    return Standing._make((*row[:_FACTS], row[_FACTS:])) if row else None


@cache
def _standing() -> Prepared:
    moment = User.__table__.c.created_at.type  # type: ignore[attr-defined]
    newest = select(func.max(Activity.id)).scalar_subquery()
    reading = reading_now().subquery()
    return Prepared(
        rows_of(
            col(SignIn.id),
            col(SignIn.user_id),
            col(User.name),
            col(User.role),
            col(User.organiser),
            col(User.team_id),
            col(Team.name),
            _leads().label("lead"),
            cast(col(User.preferences), Text).label("preferences"),
            _by_password(col(User.password_given_at).is_not(None)).label("given"),
            _by_password(~_has_factor()).label("alone"),
            (col(SignIn.seen_at) > bindparam("fresh", type_=moment)).label("fresh"),
            func.coalesce(newest, 0),
            *reading.c,
        )
        .select_from(SignIn)
        .join(User, col(User.id) == col(SignIn.user_id))
        .outerjoin(Team, col(Team.id) == col(User.team_id))
        .join(reading, true())
        .where(
            col(SignIn.token_hash) == bindparam("token"),
            col(SignIn.expires_at) > bindparam("now", type_=moment),
            col(SignIn.seen_at) > bindparam("idle", type_=moment),
            col(User.active),
        )
    )


def _by_password(so: Any) -> Any:
    """Whether something is so of who came with a password; others answer for themselves."""
    return and_(col(SignIn.via) == "password", so)


def _has_factor() -> Any:
    mine = select(SecondFactor.user_id).where(SecondFactor.user_id == User.id)
    return mine.where(col(SecondFactor.since).is_not(None)).exists()


def _leads() -> Any:
    """Whether the person is listed as the lead of their team, by the same e-mail address."""
    return (
        select(col(Member.id))
        .where(
            col(Member.team_id) == col(User.team_id),
            col(Member.email) == col(User.email),
            col(Member.lead),
        )
        .exists()
    )


class Glance:
    """The same read for the event loop: on SQLite it takes microseconds and waits for nobody.

    One connection of its own, used by one thread; whoever cannot be read now is asked for later.
    While nobody writes to the database, what was read holds for a moment without being read anew.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._plan = _standing().plan(engine.dialect)
        self._connection: DBAPIConnection | None = None
        self._version: object = None
        self._seen: dict[str, tuple[datetime, Standing]] = {}

    @classmethod
    def at(cls, engine: Engine) -> "Glance | None":
        """Return one where reading is quick enough: in the process, from a file."""
        return cls(engine) if engine.dialect.name == "sqlite" else None

    def look(
        self, token_hash: str, *, now: datetime, idle_since: datetime, fresh_since: datetime
    ) -> Standing | None:
        """Return who holds a good sign-in; None also when that could not be read at once."""
        given = {"token": token_hash, "now": now, "idle": idle_since, "fresh": fresh_since}
        try:
            cursor = self._open().cursor()
            found = self._seen_just_now(cursor, token_hash, now)
            if found is None and (found := _read(self._plan.first(cursor, given))):
                self._seen[token_hash] = (now, found)
            cursor.close()
        except self._engine.dialect.loaded_dbapi.OperationalError:
            return None
        return found

    def _seen_just_now(self, cursor: Any, token_hash: str, now: datetime) -> Standing | None:
        version = cursor.execute("PRAGMA data_version").fetchall()
        if version != self._version:  # somebody committed something since the last look
            self._version = version
            self._seen.clear()
        at, found = self._seen.get(token_hash, (now, None))
        return found if at <= now < at + MOMENT else None

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> DBAPIConnection:
        if self._connection is None:
            pooled = self._engine.raw_connection()
            self._connection = pooled.dbapi_connection
            pooled.detach()
            assert self._connection is not None
            cursor = self._connection.cursor()
            cursor.execute("PRAGMA busy_timeout = 0")
            cursor.close()
        return self._connection


class Glances:
    """Some of these for threads: each is lent to one at a time.

    Nothing read stays open behind it.  A session's read would last until the answer, and while
    anybody reads, SQLite cannot start its log anew and goes over it at every commit.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._idle: deque[Glance] = deque()

    def look(self, token_hash: str, **moments: datetime) -> Standing | None:
        """Return who holds a good sign-in; None also when that could not be read at once."""
        try:
            glance = self._idle.pop()
        except IndexError:
            glance = Glance(self._engine)
        try:
            return glance.look(token_hash, **moments)
        finally:
            self._idle.append(glance)

    def close(self) -> None:
        """Give the connections back."""
        while self._idle:
            self._idle.pop().close()
