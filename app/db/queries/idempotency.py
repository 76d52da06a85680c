"""What was answered to a request that carried an Idempotency-Key."""

from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select
from sqlmodel import Session, col

from app.db.models import IdempotencyKey
from app.db.queries.upsert import table_of

_KEPT = table_of(IdempotencyKey)


def lock(connection: Connection, who: str, key: str) -> bool:
    """Make sure that nobody else serves this key until the transaction ends; False: somebody does.

    SQLite has one writer at a time, and whoever gets here is it.
    """
    if connection.dialect.name != "postgresql":
        return True
    named = blake2b(f"{who}\n{key}".encode(), digest_size=8).digest()
    number = int.from_bytes(named, "big", signed=True)
    return bool(connection.scalar(select(func.pg_try_advisory_xact_lock(number))))


def answered(connection: Connection, who: str, key: str, since: datetime) -> Any | None:
    """Return the row of a key, unless it is older than `since`: then it is forgotten."""
    this = (_KEPT.c.who == who, _KEPT.c.key == key)
    row = connection.execute(select(_KEPT).where(*this)).first()
    if row is None or row.at >= since:
        return row
    connection.execute(delete(_KEPT).where(*this))
    return None


def keep(connection: Connection, **columns: Any) -> None:
    """Keep an answer under its key, in the transaction of what it tells of."""
    connection.execute(insert(_KEPT), columns)


def forget(db: Session, before: datetime) -> int:
    """Delete the keys that are older; return how many."""
    gone = db.connection().execute(delete(IdempotencyKey).where(col(IdempotencyKey.at) < before))
    return gone.rowcount
