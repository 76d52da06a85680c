"""Insert many rows or refresh the ones that are there, in one statement on both databases."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

Row = Mapping[str, Any]
T = TypeVar("T")
CHUNK = 500


def chunks(many: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut a long list into pieces that fit into one statement."""
    for start in range(0, len(many), CHUNK):
        yield many[start : start + CHUNK]


def upsert(
    db: Session,
    model: type[SQLModel],
    rows: Sequence[Row],
    *,
    keys: tuple[str, ...],
    newer: str | None = None,
) -> None:
    """Write rows by their unique `keys`; with `newer`, an older version changes nothing."""
    if rows:
        statement = _upsert(db.get_bind().dialect.name, model, tuple(rows[0]), keys, newer)
        db.connection().execute(statement, list(rows))


def insert_missing(
    db: Session, model: type[SQLModel], rows: Sequence[Row], *, keys: tuple[str, ...]
) -> None:
    """Insert the rows that are not there yet; leave the others as they are."""
    if rows:
        statement = _insert_missing(db.get_bind().dialect.name, model, keys)
        db.connection().execute(statement, list(rows))


@lru_cache(maxsize=64)
def _upsert(
    dialect: str,
    model: type[SQLModel],
    columns: tuple[str, ...],
    keys: tuple[str, ...],
    newer: str | None,
) -> Insert:
    statement = _insert(dialect, model)
    table = table_of(model)
    changed = {name: statement.excluded[name] for name in columns if name not in keys}
    only = statement.excluded[newer] >= table.c[newer] if newer else None
    made: Insert = statement.on_conflict_do_update(index_elements=keys, set_=changed, where=only)
    return made


@lru_cache(maxsize=64)
def _insert_missing(dialect: str, model: type[SQLModel], keys: tuple[str, ...]) -> Insert:
    made: Insert = _insert(dialect, model).on_conflict_do_nothing(index_elements=keys)
    return made


def _insert(dialect: str, model: type[SQLModel]) -> Any:
    return (sqlite if dialect == "sqlite" else postgresql).insert(table_of(model))


def table_of(model: type[SQLModel]) -> Table:
    """Return the table behind a model, for statements that move many plain rows."""
    table = model.__table__  # type: ignore[attr-defined]
    assert isinstance(table, Table)
    return table
