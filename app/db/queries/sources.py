"""Sources, how far they were read, dead letters, shared rate limits and job leases."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import String, bindparam, case, delete, func, type_coerce, update
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app.core.vocabulary import SourceState
from app.db.models import DeadLetter, JobLease, RateWindow, Source, Stream
from app.db.prepared import Prepared
from app.db.queries.upsert import chunks, insert_missing


def sources(db: Session) -> Sequence[Source]:
    """Return every source by name."""
    return db.exec(select(Source).order_by(col(Source.name))).all()


def source_by_name(db: Session, name: str) -> Source | None:
    """Return a source by its name."""
    return db.exec(select(Source).where(Source.name == name)).one_or_none()


class Setup(NamedTuple):
    """What a source is, what it is called, and how it is read."""

    kind: str
    name: str
    options: dict[str, Any]


def setup(db: Session, source_id: int) -> Setup | None:
    """Return what reading a source depends on; None when it was removed."""
    found = _SETUP.first(db, id=source_id)
    return Setup._make(found) if found else None


_SETUP = Prepared(
    rows_of(col(Source.kind), col(Source.name), col(Source.options)).where(
        col(Source.id) == bindparam("id")
    )
)


def stream(db: Session, source_id: int, name: str) -> Stream:
    """Return how far a stream was read, a blank record on its first run."""
    found = db.get(Stream, (source_id, name)) or Stream(source_id=source_id, name=name)
    db.add(found)
    return found


def move_on(db: Session, key: tuple[int, str], position: str, count: int, *, at: datetime) -> None:
    """Note how far a stream was read, and how many records more that brought."""
    source_id, name = key
    given = {"of": source_id, "named": name, "to": position, "more": count, "now": at}
    if not db.connection().execute(_MOVED, given).rowcount:
        place = stream(db, source_id, name)
        place.position, place.kept, place.read_at = position, count, at


_MOVED = (
    update(Stream)
    .where(col(Stream.source_id) == bindparam("of"), col(Stream.name) == bindparam("named"))
    .values(
        position=bindparam("to"),
        kept=col(Stream.kept) + bindparam("more"),
        read_at=bindparam("now"),
    )
)


def streams(db: Session, source_id: int) -> Sequence[Stream]:
    """Return every stream of a source."""
    return db.exec(
        select(Stream).where(Stream.source_id == source_id).order_by(col(Stream.name))
    ).all()


def forget_positions(db: Session, source_id: int) -> None:
    """Make the next run read a source from its beginning."""
    db.exec(update(Stream).where(col(Stream.source_id) == source_id).values(position=""))


def keep_dead_letters(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Store records that could not be read, once each however often they come."""
    insert_missing(db, DeadLetter, rows, keys=("source_id", "stream", "payload_hash"))


def dead_ids(db: Session, source_id: int, stream: str) -> frozenset[str]:
    """Return the ids of a stream's records that could not be read, where they have one."""
    rows = db.exec(
        select(DeadLetter.external_id).where(
            DeadLetter.source_id == source_id, DeadLetter.stream == stream
        )
    )
    return frozenset(found for found in rows if found is not None)


def drop_dead_letters(db: Session, source_id: int, stream: str, ids: Sequence[str]) -> None:
    """Forget that these records could not be read."""
    for some in chunks(ids):
        db.exec(
            delete(DeadLetter).where(
                col(DeadLetter.source_id) == source_id,
                col(DeadLetter.stream) == stream,
                col(DeadLetter.external_id).in_(some),
            )
        )


def dead_letters(db: Session, source_id: int | None, *, limit: int) -> Sequence[DeadLetter]:
    """Return unread records, newest first."""
    found = select(DeadLetter).order_by(col(DeadLetter.id).desc()).limit(limit)
    if source_id is not None:
        found = found.where(DeadLetter.source_id == source_id)
    return db.exec(found).all()


def dead_letter(db: Session, source_id: int, letter_id: int) -> DeadLetter | None:
    """Return one unread record of a source."""
    found = db.get(DeadLetter, letter_id)
    return found if found is not None and found.source_id == source_id else None


def dead_letters_by_id(db: Session, source_id: int, ids: Sequence[int]) -> Sequence[DeadLetter]:
    """Return those of a source's unread records that are still there."""
    found = select(DeadLetter).where(DeadLetter.source_id == source_id)
    return db.exec(found.where(col(DeadLetter.id).in_(ids))).all()


def count_dead_letters(db: Session) -> dict[int, int]:
    """Count unread records by source."""
    rows = db.exec(
        select(DeadLetter.source_id, func.count(col(DeadLetter.id))).group_by(
            col(DeadLetter.source_id)
        )
    )
    return dict(rows.all())


class Window(NamedTuple):
    """The moments at which a bucket was used, in seconds, and how often that changed."""

    bucket: str
    used: list[float]
    version: int


def rate_window(db: Session, bucket: str) -> Window:
    """Return the moments at which a bucket was used; made on first use."""
    found = _WINDOW.first(db, bucket=bucket)
    if found is None:
        made = Window(bucket, [], 0)
        insert_missing(db, RateWindow, [made._asdict()], keys=("bucket",))
        found = _WINDOW.first(db, bucket=bucket) or made
    return Window._make(found)


def use_rate(db: Session, window: Window, used: list[float]) -> bool:
    """Store new moments; False when another process was first."""
    return _USED.first(db, of=window.bucket, seen=window.version, moments=used) is not None


_WINDOW = Prepared(
    rows_of(col(RateWindow.bucket), col(RateWindow.used), col(RateWindow.version)).where(
        col(RateWindow.bucket) == bindparam("bucket")
    )
)
_USED = Prepared(
    update(RateWindow)
    .where(col(RateWindow.bucket) == bindparam("of"), col(RateWindow.version) == bindparam("seen"))
    .values(used=bindparam("moments"), version=col(RateWindow.version) + 1)
    .returning(col(RateWindow.version))
)


def used_since(db: Session, bucket: str, since: float) -> int:
    """Count how often the buckets whose names begin like this were used since a moment."""
    begins = col(RateWindow.bucket).startswith(bucket, autoescape=True)
    found = db.exec(select(RateWindow.used).where(begins))
    return sum(moment > since for used in found for moment in used)


def take_lease(
    db: Session, name: str, *, holder: str, at: datetime, until: datetime, not_since: datetime
) -> int | None:
    """Take a job's lease unless it is held or the job ran after `not_since`; return the fence."""
    never = datetime.fromtimestamp(0, at.tzinfo)
    row = {"name": name, "holder": "", "fence": 0, "locked_until": never, "last_started": never}
    insert_missing(db, JobLease, [row | {"last_result": ""}], keys=("name",))
    done = db.connection().execute(
        update(JobLease)
        .where(
            col(JobLease.name) == name,
            col(JobLease.locked_until) < at,
            col(JobLease.last_started) <= not_since,
        )
        .values(holder=holder, fence=JobLease.fence + 1, locked_until=until, last_started=at)
    )
    if done.rowcount != 1:
        return None
    return db.exec(select(JobLease.fence).where(JobLease.name == name)).one()


def extend_lease(db: Session, name: str, fence: int, until: datetime) -> bool:
    """Keep a lease a while longer; False when it was lost."""
    return _change_lease(db, name, fence, locked_until=until)


def end_lease(db: Session, name: str, fence: int, *, at: datetime, result: str) -> bool:
    """Give a lease back with what came of the run; False when it was lost."""
    return _change_lease(db, name, fence, locked_until=at, last_finished=at, last_result=result)


def _change_lease(db: Session, name: str, fence: int, **values: Any) -> bool:
    done = db.connection().execute(
        update(JobLease)
        .where(col(JobLease.name) == name, col(JobLease.fence) == fence)
        .values(**values)
    )
    return done.rowcount == 1


def lease(db: Session, name: str) -> JobLease | None:
    """Return a job's record."""
    return db.get(JobLease, name)


def reading(db: Session) -> tuple[object, ...]:
    """Return what a page says of the sources' freshness hangs on, to be compared and no more."""
    return tuple(db.connection().execute(reading_now()).one())


@cache
def reading_now() -> Any:
    """Select when sources were last tried and read, and how many are in which trouble."""
    return select(
        type_coerce(func.max(Source.tried_at), String).label("tried"),
        type_coerce(func.max(Source.good_at), String).label("good"),
        *(
            func.coalesce(func.sum(case((where, 1), else_=0)), 0).label(name)
            for name, where in (
                ("failing", col(Source.state) == SourceState.failing),
                ("degraded", col(Source.state) == SourceState.degraded),
                ("paused", col(Source.paused)),
            )
        ),
    )
