"""An opened file with its mapping: surveyed once, then read as records as often as asked."""

from collections.abc import Iterator
from datetime import datetime
from io import BufferedReader
from typing import Any

import msgspec

from integrations.contract import Rejected
from integrations.file.mapping import FIELDS, match_columns, plain
from integrations.file.options import Options
from integrations.file.records import BadCell, Record, as_text, bug, customer
from integrations.file.rows import Row, Table


class Read(msgspec.Struct, frozen=True):
    """One row: where it stands, its cells under our names, and what came of it."""

    line: int
    given: dict[str, Any]
    found: Record | Rejected


class Sheet:
    """Raises Misconfigured from the start when the file as a whole cannot be read."""

    def __init__(
        self,
        handle: BufferedReader,
        *,
        options: Options,
        mapping: dict[str, str],
        written_at: datetime,
    ) -> None:
        self._options = options
        self._written_at = written_at
        wanted = frozenset(plain(mapping.get(ours, ours)) for ours in FIELDS[options.noun])
        self._table = Table(options.path.name, handle, wanted)
        self.all_columns = self._table.columns
        self.columns = match_columns(
            options.noun, mapping, self.all_columns, where=self._table.head
        )
        self.total = 0
        self._last_line: dict[str, int] = {}
        self._survey()

    def fingerprint(self) -> str:
        """The hash of the bytes that were read last."""
        return self._table.fingerprint()

    def read(self) -> Iterator[Read]:
        """Each row's record, or why it has none; of rows with one id only the last counts."""
        for row in self._table.rows():
            found = self._understood(row)
            if not isinstance(found, Rejected):
                found = self._unless_replaced(row, found)
            yield Read(row.line, self.columns.pick(row.cells), found)

    def _survey(self) -> None:
        seen: set[int] = set()
        for row in self._table.rows():
            self.total += 1
            found = self._understood(row)
            if isinstance(found, Rejected):
                continue
            if hash(found.external_id) in seen:
                self._last_line[found.external_id] = row.line
            seen.add(hash(found.external_id))

    def _understood(self, row: Row) -> Record | Rejected:
        if row.problem:
            return self._rejected(row, None, row.problem)
        given = self.columns.pick(row.cells)
        try:
            if self._options.noun == "customers":
                return customer(given)
            keep_text = self._options.keep_text
            return bug(given, written_at=self._written_at, keep_text=keep_text)
        except BadCell as error:
            identity = given.get("external_id")
            return self._rejected(row, str(identity) if identity else None, str(error))

    def _unless_replaced(self, row: Row, found: Record) -> Record | Rejected:
        last = self._last_line.get(found.external_id, row.line)
        if last == row.line:
            return found
        reason = f"external_id “{found.external_id[:60]}” comes again on line {last}, which is kept"
        return self._rejected(row, found.external_id, reason)

    def _rejected(self, row: Row, external_id: str | None, reason: str) -> Rejected:
        without = None if self._options.keep_text else self.columns.theirs.get("text")
        return Rejected(
            external_id, f"Line {row.line}: {reason}.", as_text(row.cells, without=without)
        )
