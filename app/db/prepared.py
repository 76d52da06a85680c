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
        binds = {name: self._taken(each.type) for name, each in compiled.binds.items()}
        fixed = {name: each.value for name, each in compiled.binds.items() if not each.required}
        self._fixed = {name: binds[name](value) for name, value in fixed.items()}
        self._by_name = compiled.positiontup is None
        self._names = binds.keys()
        self._places = [(name, binds[name]) for name in compiled.positiontup or binds]
        self._shown = list(statement.exported_columns)
        self._reads: list[tuple[int, Convert]] | None = None

    def first(self, cursor: Any, given: Mapping[str, Any]) -> Row | None:
        """Run it; return the first row with its values converted, if it has any."""
        cursor.execute(self.sql, self._bound(given))
        if cursor.description is None or (row := cursor.fetchone()) is None:
            return None
        if self._reads is None:
            self._reads = self._read_by(cursor.description)
        values = list(row)
        for place, convert in self._reads:
            values[place] = convert(values[place])
        return tuple(values)

    def _bound(self, given: Mapping[str, Any]) -> Any:
        fixed = self._fixed
        if unknown := given.keys() - self._names:
            raise KeyError(f"The statement has no place for {sorted(unknown)}.")
        values = [
            bind(given[name]) if name in given else fixed[name] for name, bind in self._places
        ]
        if self._by_name:
            return dict(zip((name for name, _ in self._places), values, strict=True))
        return values

    def _read_by(self, description: Sequence[Sequence[Any]]) -> list[tuple[int, Convert]]:
        # How to convert a column depends on what the driver calls its type, too.
        kinds = [each.type.dialect_impl(self._dialect) for each in self._shown]
        found = [
            kind.result_processor(self._dialect, about[1])
            for kind, about in zip(kinds, description, strict=True)
        ]
        return [(place, convert) for place, convert in enumerate(found) if convert]

    def _taken(self, kind: Any) -> Convert:
        return kind.dialect_impl(self._dialect).bind_processor(self._dialect) or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
