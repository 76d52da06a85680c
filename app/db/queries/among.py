"""Ask about a long list of values with one parameter: the statement stays the same for each."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import ARRAY, Text, bindparam, func
from sqlalchemy import select as rows_of
from sqlmodel import Session, SQLModel, col


def rows_among(
    db: Session,
    model: type[SQLModel],
    columns: tuple[str, ...],
    values: Collection[str],
    **equal: int,
) -> list[Any]:
    """Return columns of rows: the first is one of the values, those of `equal` are equal."""
    if not values:
        return []
    dialect = db.get_bind().dialect.name
    listed = list(values) if dialect == "postgresql" else msgspec.json.encode(list(values)).decode()
    statement = _among(dialect, model, columns, tuple(equal))
    return list(db.connection().execute(statement, {**equal, "listed": listed}).all())


@lru_cache(maxsize=64)
def _among(dialect: str, model: type[SQLModel], columns: tuple[str, ...], equal: tuple[str, ...]
           ) -> Any:  # fmt: skip
    first, *_ = found = [col(getattr(model, name)) for name in columns]
    if dialect == "postgresql":
        condition = first == func.any(bindparam("listed", type_=ARRAY(Text)))
    else:
        each = func.json_each(bindparam("listed")).table_valued("value", name="each_listed")
        condition = first.in_(rows_of(each.c.value))
    same = [col(getattr(model, name)) == bindparam(name) for name in equal]
    return rows_of(*found).where(condition, *same)
