"""Webhook deliveries that were accepted, and the records they say have changed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import delete, func, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from app.db.models import HookDelivery, Reread, Source
from app.db.queries.upsert import table_of, upsert


def is_new(db: Session, source_id: int, delivery_id: str, at: datetime) -> bool:
    """Remember a delivery; False when it came before."""
    connection = db.connection()
    row = {"source_id": source_id, "delivery_id": delivery_id, "at": at}
    return connection.execute(_remember(connection.dialect.name), row).first() is not None


@cache
def _remember(dialect: str) -> Any:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    table = table_of(HookDelivery)
    return insert(table).on_conflict_do_nothing().returning(table.c.delivery_id)


def note_verdict(
    db: Session, source_id: int, verdict: str, *, at: datetime, good: bool = False
) -> None:
    """Keep what became of a source's last delivery."""
    values: dict[str, Any] = {"hook_at": at, "hook_verdict": verdict}
    if good:
        values["hook_good_at"] = at
    db.connection().execute(update(Source).where(col(Source.id) == source_id).values(values))


def ask_again(db: Session, source_id: int, external_ids: Collection[str], at: datetime) -> None:
    """Note records to be read again; one that waits already waits on from now."""
    rows = [
        {"source_id": source_id, "external_id": each, "asked_at": at, "tries": 0}
        for each in sorted(set(external_ids))
    ]
    upsert(db, Reread, rows, keys=("source_id", "external_id"))


def waiting(db: Session) -> dict[int, datetime]:
    """Return the sources with records to be read again, and since when the first one waits."""
    oldest = select(Reread.source_id, func.min(Reread.asked_at)).group_by(col(Reread.source_id))
    return {source_id: at for source_id, at in db.exec(oldest) if at is not None}


def wanted(db: Session, source_id: int, *, until: datetime) -> Sequence[str]:
    """Return the records of a source that wait since `until` or longer."""
    return db.exec(
        select(Reread.external_id)
        .where(Reread.source_id == source_id, col(Reread.asked_at) <= until)
        .order_by(col(Reread.asked_at))
    ).all()


def was_read(db: Session, source_id: int, *, until: datetime) -> None:
    """Forget the records that were asked for at `until` or before: they have been read."""
    db.connection().execute(
        delete(Reread).where(col(Reread.source_id) == source_id, col(Reread.asked_at) <= until)
    )


def was_not_read(db: Session, source_id: int, *, until: datetime, most: int) -> None:
    """Count a failed try; after the last one the regular reading will do."""
    mine = (col(Reread.source_id) == source_id, col(Reread.asked_at) <= until)
    db.connection().execute(update(Reread).where(*mine).values(tries=Reread.tries + 1))
    db.connection().execute(delete(Reread).where(*mine, col(Reread.tries) >= most))


def forget_deliveries(db: Session, *, before: datetime) -> int:
    """Drop the ids of old deliveries; return how many."""
    old = delete(HookDelivery).where(col(HookDelivery.at) < before)
    return db.connection().execute(old).rowcount


def forget_waiting(db: Session, source_id: int) -> None:
    """Drop what waits for a source that is never read again."""
    db.connection().execute(delete(Reread).where(col(Reread.source_id) == source_id))
