"""Open the database.  SQLite by default, PostgreSQL by address."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from time import monotonic

from msgspec.json import decode, encode
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import create_engine

from app.core.errors import Invalid
from app.db.addresses import patient, read_address

LONGEST_TURN_SECONDS = 1.5
MOMENT_SECONDS = 0.02
SHUT_SECONDS = 1.0
BUSY_MS = round(LONGEST_TURN_SECONDS * 1000)
# Full synchronisation: an acknowledged claim survives a power cut, not only a crash.
PRAGMAS = (
    "journal_mode = wal",
    "synchronous = full",
    f"busy_timeout = {BUSY_MS}",
    "foreign_keys = on",
    "temp_store = memory",
    "cache_size = -8000",
    # Four times the usual: a sync changes the same pages of its indexes again and again.
    "wal_autocheckpoint = 4000",
)
# The second: no room even for the index of the log, which lies beside the file.
FULL = {"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"}
BUSY = "The database is busy: nothing was changed; try again in a second."
FULL_DISK = (
    "The disk of the database is full: nothing was changed, and reading goes on; "
    "make room on it, then try again."
)
AWAY = (
    "The database cannot be reached: look whether your last change was kept, and try again "
    "in a few seconds."
)


def open_engine(url: str) -> Engine:
    """Return an engine whose transactions take SQLite's write lock at once, if they may write."""
    try:
        address = read_address(url)
        if address.get_backend_name() == "sqlite" and address.database in {None, "", ":memory:"}:
            raise ArgumentError("a database in memory is gone with its first connection")
        address = patient(address) if address.get_backend_name() == "postgresql" else address
        # What was bound to a statement may be a customer's text: it never gets into a message.
        pool = _pool(address.get_backend_name())
        engine = create_engine(
            address, hide_parameters=True, json_serializer=_json, json_deserializer=decode, **pool
        )
    except (ArgumentError, ModuleNotFoundError, ValueError) as error:
        raise Invalid(
            "BUGSPRINT_DATABASE_URL must look like sqlite:///var/bugsprint.db "
            "or postgresql://user@host/name."
        ) from error
    if engine.dialect.name == "sqlite":
        if address.database:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _prepare_sqlite)
        turns = Turns()
        event.listen(engine, "begin", turns.take)
        event.listen(engine, "begin", turns.begin)
        for end in ("checkin", "invalidate"):
            event.listen(engine, end, turns.give_back)
    return engine


def read_only(engine: Engine) -> Engine:
    """Return the same engine for views: on SQLite it reads on while somebody writes."""
    return engine.execution_options(readonly=True)


def repeatable(engine: Engine) -> Engine:
    """Return the same engine for what its source still has: on SQLite commits wait for no disk.

    A crash loses none of them; a power cut may lose the last ones, rows and position together.
    """
    return engine.execution_options(repeatable=True)


def hurried(engine: Engine) -> Engine:
    """Return the same engine for what need not be written: on SQLite it waits for nobody."""
    return engine.execution_options(hurried=True)


def is_busy(error: OperationalError) -> bool:
    """Say whether this is a lock that will go away, not a defect."""
    name = getattr(error.orig, "sqlite_errorname", None) or ""
    state = getattr(error.orig, "sqlstate", None) or ""
    return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or state in {"55P03", "40001", "40P01"}


def is_full(error: OperationalError) -> bool:
    """Say whether there is no room left on the database's disk."""
    name = getattr(error.orig, "sqlite_errorname", None) or ""
    return name in FULL or getattr(error.orig, "sqlstate", None) == "53100"


def is_away(error: OperationalError) -> bool:
    """Say whether the connection to a server was lost or could not be made."""
    if not hasattr(error.orig, "sqlstate"):
        return False
    state = getattr(error.orig, "sqlstate", None) or "08000"
    return error.connection_invalidated or state.startswith(("08", "57P0"))


def trouble(error: OperationalError) -> tuple[str, str] | None:
    """Say in a word and a sentence what stands in the way for a while; None: it is a defect."""
    if is_busy(error):
        return "busy", BUSY
    if is_full(error):
        return "full", FULL_DISK
    return ("away", AWAY) if is_away(error) else None


def _json(value: object) -> str:
    return encode(value).decode()


def _pool(backend: str) -> dict[str, object]:
    if backend == "sqlite":
        return {"pool_size": 8, "max_overflow": 8}
    return {"pool_size": 8, "max_overflow": 8, "pool_pre_ping": True}


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class Turns:
    """Lets this process's writers wait for each other in line.

    Left to itself SQLite asks again and again with growing pauses, so that the last of sixteen
    waited twenty times as long as the first.  Other processes still meet at the file's own lock.
    """

    def __init__(self) -> None:
        self._gate = Lock()
        self._taken = False
        self._line: deque[Lock] = deque()
        self._writing: set[int] = set()
        self._shut_until = 0.0

    def take(self, connection: Connection) -> None:
        """Wait for the turn; who waits too long tries without it, and hears that it is busy."""
        pooled = id(connection.connection.dbapi_connection)
        options = connection.get_execution_options()
        if options.get("readonly") or pooled in self._writing:
            return
        began = monotonic()
        short = options.get("hurried") or began < self._shut_until
        if self._wait(MOMENT_SECONDS if short else LONGEST_TURN_SECONDS):
            self._writing.add(pooled)
        waited = monotonic() - began
        if waited > MOMENT_SECONDS:
            connection.info["waited"] = waited

    def begin(self, connection: Connection) -> None:
        """Begin; a writer locks at once, for a read that becomes a write later cannot wait.

        All its waiting together is bounded, in line and at the file.  While somebody outside
        keeps the file locked, writers hear so after a moment: else they would hold up readers.
        """
        options = connection.get_execution_options()
        if options.get("readonly"):
            connection.exec_driver_sql("BEGIN")
            return
        _settle(connection, "normal" if options.get("repeatable") else "full")
        left = LONGEST_TURN_SECONDS - connection.info.pop("waited", 0.0)
        if options.get("hurried") or monotonic() < self._shut_until:
            left = 0.0
        try:
            with _waiting(connection, max(left, MOMENT_SECONDS)):
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            self._shut_until = 0.0
        except OperationalError as error:
            if is_busy(error) and not options.get("hurried"):
                self._shut_until = monotonic() + SHUT_SECONDS
            raise

    def give_back(self, connection: DBAPIConnection | None, *_about: object) -> None:
        """Let the next one write, once a connection is done."""
        if id(connection) in self._writing:
            self._writing.discard(id(connection))
            with self._gate:
                self._taken = bool(self._line)
                if self._line:
                    self._line.popleft().release()

    def _wait(self, seconds: float) -> bool:
        mine = Lock()
        with self._gate:
            if not self._taken:
                self._taken = True
                return True
            mine.acquire()
            self._line.append(mine)
        if mine.acquire(timeout=seconds):
            return True
        with self._gate:
            late = mine in self._line
            if late:
                self._line.remove(mine)
        return not late


def _settle(connection: Connection, synchronous: str) -> None:
    """Say how long commits wait; a pooled connection remembers what was said last."""
    if connection.info.setdefault("synchronous", "full") != synchronous:
        connection.exec_driver_sql(f"PRAGMA synchronous = {synchronous}").close()
        connection.info["synchronous"] = synchronous


@contextmanager
def _waiting(connection: Connection, seconds: float) -> Iterator[None]:
    """Wait for SQLite's lock for so long; the usual time costs no statement."""
    if seconds >= LONGEST_TURN_SECONDS:
        yield
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {round(seconds * 1000)}").close()
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_MS}").close()
