"""Insert many rows or refresh the ones that are there, in few statements on both databases."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, repeat
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

import msgspec
from sqlalchemy import (
    JSON,
    Column,
    Date,
    Enum,
    Insert,
    Table,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

from app.db.moments import as_stored

Row = Mapping[str, Any]
Columns = Mapping[str, Sequence[Any]]
Bind = Callable[[Sequence[Any]], Iterable[Any]]
T = TypeVar("T")
CHUNK = 500
ROWS_AT_ONCE = (500, 50, 5, 1)
MOST_VALUES = 32_766
"""How many values SQLite binds in one statement."""


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
        upsert_columns(db, model, columns_of(rows), keys=keys, newer=newer)


def upsert_columns(
    db: Session,
    model: type[SQLModel],
    columns: Columns,
    *,
    keys: tuple[str, ...],
    newer: str | None = None,
) -> None:
    """Write the same given column by column, for those who have many rows with many values."""
    _write(db, model, _upsert(_dialect(db), model, tuple(columns), keys, newer), columns)


def insert_missing(
    db: Session, model: type[SQLModel], rows: Sequence[Row], *, keys: tuple[str, ...]
) -> None:
    """Insert the rows that are not there yet; leave the others as they are.

    Without `keys` a row is there as soon as any of its unique values is.
    """
    if rows:
        _write(db, model, _insert_missing(_dialect(db), model, keys), columns_of(rows))


def _dialect(db: Session) -> str:
    return db.get_bind().dialect.name


def columns_of(rows: Sequence[Row]) -> Columns:
    """Turn rows into columns; every row has the same names."""
    return {name: list(map(itemgetter(name), rows)) for name in rows[0]}


def _write(db: Session, model: type[SQLModel], statement: Insert, columns: Columns) -> None:
    connection = db.connection()
    if connection.dialect.name != "sqlite":
        each = zip(*columns.values(), strict=True)
        connection.execute(statement, [dict(zip(columns, row, strict=True)) for row in each])
        return
    # A page has a thousand rows: bind them without going through each type's general way.
    way = _driver_way(statement, table_of(model), tuple(columns))
    rows, done = way.bound(columns), 0
    for size, text in way.texts.items():
        while len(rows) - done >= size:
            some = chain.from_iterable(rows[done : done + size])
            connection.exec_driver_sql(text, tuple(some))
            done += size


class _Way(NamedTuple):
    """How rows go into one table: some hundreds at once, by as few statements as there can be.

    Between statements the page's reader takes its turn and keeps it for a while, so that a
    thousand statements would take seconds.  `texts`: the statement for so many rows, most first;
    `binders` write the columns whose values are not kept as they are; `more` is what each row
    has by default, as it is kept.
    """

    texts: dict[int, str]
    names: list[str]
    binders: dict[str, Bind]
    more: dict[str, Any]

    def bound(self, given: Columns) -> list[tuple[Any, ...]]:
        """Return the values of each row in the order of the statement's places."""
        # Column by column, which is mostly C: a ticket has twenty of them.
        stored = {name: bind(given[name]) for name, bind in self.binders.items() if name in given}
        rows = len(next(iter(given.values())))
        alike = {name: repeat(value, rows) for name, value in self.more.items()}
        every = {**given, **stored, **alike}
        return list(zip(*(every[name] for name in self.names), strict=True))


@lru_cache(maxsize=64)
def _driver_way(statement: Insert, table: Table, columns: tuple[str, ...]) -> _Way:
    compiled = statement.compile(dialect=sqlite.dialect(), column_keys=list(columns))
    names = list(compiled.positiontup or ())
    binders = {name: bind for name in names if (bind := _bind(table.c[name]))}
    missing = {name: [_default(table.c[name])] for name in names if name not in columns}
    more = {name: next(iter(binders.get(name, iter)(value))) for name, value in missing.items()}
    before, row, after = str(compiled).partition(f"({', '.join('?' * len(names))})")
    texts = {
        size: before + ", ".join([row] * size) + after
        for size in ROWS_AT_ONCE
        if size * len(names) <= MOST_VALUES
    }
    return _Way(texts, names, binders, more)


def _default(column: Column[Any]) -> Any:
    value: Any = getattr(column.default, "arg", None)
    return value(None) if callable(value) else value


def _bind(column: Column[Any]) -> Bind | None:
    kind = column.type
    if isinstance(kind, JSON):
        return _as_json
    if isinstance(kind, UTCDateTime):
        return as_stored
    if isinstance(kind, Date):
        return lambda days: [None if day is None else day.isoformat() for day in days]
    return _one_of(frozenset(kind.enums)) if isinstance(kind, Enum) else None


def _one_of(words: frozenset[str]) -> Bind:
    known = words | {None}

    def bind(column: Sequence[str | None]) -> Sequence[str | None]:
        for word in set(column) - known:
            raise LookupError(f"“{word}” is not one of {', '.join(sorted(words))}.")
        return column

    return bind


def _as_json(values: Sequence[Any]) -> Iterable[str | None]:
    """Write values as the database keeps them."""
    lines = msgspec.json.Encoder().encode_lines(values).decode().split("\n")[:-1]
    return [None if value is None else line for value, line in zip(values, lines, strict=True)]


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
    made: Insert = _insert(dialect, model).on_conflict_do_nothing(index_elements=keys or None)
    return made


def _insert(dialect: str, model: type[SQLModel]) -> Any:
    return (sqlite if dialect == "sqlite" else postgresql).insert(table_of(model))


def table_of(model: type[SQLModel]) -> Table:
    """Return the table behind a model, for statements that move many plain rows."""
    table = model.__table__  # type: ignore[attr-defined]
    assert isinstance(table, Table)
    return table
