"""Cuts a CSV or JSON Lines file into rows, line by line, without ever holding all of it."""

import csv
import hashlib
from collections.abc import Iterator
from io import BufferedReader
from typing import Any

import msgspec

from integrations.errors import Misconfigured
from integrations.file.mapping import plain

LONGEST = 16 * 1024 * 1024
"""Characters in one line; a longer one is no table, and would fill the memory."""
MOST_COLUMNS = 1000
DELIMITERS = ",;\t|"
SIGNS = {
    b"PK\x03\x04": "a workbook or archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x1f\x8b": "compressed",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}


class Row(msgspec.Struct, frozen=True):
    """One row under their column names; `problem` says why it is no row at all."""

    line: int
    cells: dict[str, Any]
    problem: str | None = None


class Table:
    """An open file of rows: its columns, and its rows as often as they are asked for."""

    def __init__(self, name: str, handle: BufferedReader, wanted: frozenset[str]) -> None:
        self.name = name
        self._handle = handle
        self._digest = hashlib.sha256()
        csv.field_size_limit(LONGEST)
        self._is_json = self._sniff()
        self._delimiter = "" if self._is_json else self._find_delimiter(wanted)
        self.columns = self._names() if self._is_json else self._header()

    @property
    def head(self) -> str:
        """Where the columns are named."""
        return self.name if self._is_json else f"{self.name} line 1"

    def fingerprint(self) -> str:
        """The hash of the bytes that the last complete walk of `rows` saw."""
        return self._digest.hexdigest()

    def rows(self) -> Iterator[Row]:
        """Every row from the first to the last; blank lines are no rows."""
        return self._json_rows() if self._is_json else self._csv_rows()

    def _sniff(self) -> bool:
        self._handle.seek(0)
        start = self._handle.read(4096)
        for sign, what in SIGNS.items():
            if start.startswith(sign):
                raise Misconfigured(
                    f"{self.name} is {what}; save it as CSV in UTF-8 and give that file."
                )
        text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
        if not text:
            raise Misconfigured(f"{self.name} is empty; give a file with a header line and rows.")
        if text.startswith(b"["):
            raise Misconfigured(
                f"{self.name} line 1 begins a JSON list; write one JSON object a line instead."
            )
        return text.startswith(b"{")

    def _lines(self) -> Iterator[str]:
        self._handle.seek(0)
        self._digest = hashlib.sha256()
        number = 0
        while raw := self._handle.readline(LONGEST + 1):
            number += 1
            self._digest.update(raw)
            yield self._decoded(raw, number)

    def _decoded(self, raw: bytes, number: int) -> str:
        if len(raw) > LONGEST:
            raise Misconfigured(f"{self.name} line {number} is longer than 16 MB; split it.")
        if b"\0" in raw:
            raise Misconfigured(
                f"{self.name} line {number} holds bytes that are no text; save it as CSV in UTF-8."
            )
        try:
            return raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise Misconfigured(
                f"{self.name} line {number} is not UTF-8; save the file again in UTF-8."
            ) from None

    def _find_delimiter(self, wanted: frozenset[str]) -> str:
        def merit(delimiter: str) -> tuple[int, int]:
            _, cells = next(self._records(delimiter), (1, []))
            known = sum(plain(cell) in wanted for cell in cells)
            return known, len(cells)

        return max(DELIMITERS, key=merit)

    def _header(self) -> tuple[str, ...]:
        _, cells = next(self._records(self._delimiter), (1, []))
        return tuple(cell.strip() for cell in cells)

    def _names(self) -> tuple[str, ...]:
        names: dict[str, None] = {}
        first: Row | None = None
        for row in self._json_rows():
            first = first or row
            names.update(dict.fromkeys(row.cells))
            if len(names) > MOST_COLUMNS:
                raise Misconfigured(
                    f"{self.name} uses more than {MOST_COLUMNS} names by line {row.line}; "
                    "give every object the same names."
                )
        if first and first.problem and not names:
            raise Misconfigured(
                f"{self.name} line {first.line} cannot be read: {first.problem}; "
                "write one JSON object a line."
            )
        return tuple(names)

    def _records(self, delimiter: str) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(self._lines(), delimiter=delimiter, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise Misconfigured(
                    f"{self.name} line {line} is not CSV ({error}); "
                    "look for a quotation mark that is not closed or not doubled."
                ) from None
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield line, cells

    def _csv_rows(self) -> Iterator[Row]:
        records = self._records(self._delimiter)
        next(records, None)
        width = len(self.columns)
        for line, cells in records:
            if any(cell.strip() for cell in cells[width:]):
                raise Misconfigured(
                    f"{self.name} line {line} has {len(cells)} columns where the header has "
                    f"{width}; put quotation marks around a cell that holds the delimiter."
                )
            short = width - len(cells)
            problem = f"it has {len(cells)} of {width} columns" if short > 0 else None
            yield Row(line, dict(zip(self.columns, cells, strict=False)), problem)

    def _json_rows(self) -> Iterator[Row]:
        for number, text in enumerate(self._lines(), start=1):
            if not text.strip():
                continue
            try:
                cells = msgspec.json.decode(text)
            except (msgspec.DecodeError, RecursionError):
                yield Row(number, {}, "it is not one whole JSON object")
                continue
            if isinstance(cells, dict):
                yield Row(number, cells)
            else:
                yield Row(number, {}, "it is JSON, but not an object")
