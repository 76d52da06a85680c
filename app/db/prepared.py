"""Statements written once for each database and run on its driver, for what everybody waits for.

SQLAlchemy writes the statement and converts its values; what it would do again at each execution
is left out, and that is more than half of the time a small statement takes.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

Row = tuple[Any, ...]
Convert = Callable[[Any], Any]


class Prepared:
    """One statement; lists of values, and defaults that Python makes, are not for it."""

    def __init__(self, statement: Any, columns: Sequence[str] | None = None) -> None:
        """Prepare a statement; `columns`: those an INSERT is given."""
        self._statement = statement
        self._columns = columns
        self._plans: dict[str, Plan] = {}

    def first(self, db: Session, **given: Any) -> Row | None:
        """Run it in the session's transaction; return the first row, if it has any."""
        connection = db.connection()
        dialect = connection.dialect
        plan = self.plan(dialect)
        cursor = connection.connection.cursor()
        try:
            return plan.first(cursor, given)
        except dialect.loaded_dbapi.Error as error:
            # As SQLAlchemy would: what is caught elsewhere knows its kinds of errors only.
            kind: type[Exception] = dialect.loaded_dbapi.Error
            raise DBAPIError.instance(plan.sql, None, error, kind, dialect=dialect) from error
        finally:
            cursor.close()

    def plan(self, dialect: Dialect) -> "Plan":
        """Return it as one kind of database takes it."""
        known = self._plans.get(dialect.name)
        if known is None:
            known = self._plans[dialect.name] = Plan(self._statement, self._columns, dialect)
        return known


class Plan:
    """A statement as one kind of database takes it, to be run on any cursor of its driver."""

    def __init__(self, statement: Any, columns: Sequence[str] | None, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=columns)
        assert not compiled.post_compile_params
        assert not compiled.insert_prefetch
        self.sql: str = compiled.string
        self._dialect = dialect
        self._order: list[str] | None = compiled.positiontup
        binds = compiled.binds
        self._binds = {name: self._taken(each.type) for name, each in binds.items()}
        fixed = {name: each.value for name, each in binds.items() if not each.required}
        self._fixed = {name: self._binds[name](value) for name, value in fixed.items()}
        self._shown = list(statement.exported_columns)
        self._reads: list[Convert | None] | None = None

    def first(self, cursor: Any, given: Mapping[str, Any]) -> Row | None:
        """Run it; return the first row with its values converted, if it has any."""
        cursor.execute(self.sql, self._bound(given))
        if cursor.description is None or (row := cursor.fetchone()) is None:
            return None
        if self._reads is None:  # how to convert depends on what the driver calls its types
            self._reads = [
                each.type.dialect_impl(self._dialect).result_processor(self._dialect, about[1])
                for each, about in zip(self._shown, cursor.description, strict=True)
            ]
        pairs = zip(self._reads, row, strict=True)
        return tuple(value if convert is None else convert(value) for convert, value in pairs)

    def _bound(self, given: Mapping[str, Any]) -> Any:
        binds = self._binds
        values = self._fixed | {name: binds[name](value) for name, value in given.items()}
        return values if self._order is None else [values[name] for name in self._order]

    def _taken(self, kind: Any) -> Convert:
        return kind.dialect_impl(self._dialect).bind_processor(self._dialect) or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
