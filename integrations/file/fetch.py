"""Reads the file in pages, and not at all while neither it nor its mapping has changed."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BufferedReader
from itertools import islice
from typing import Any, ClassVar, Literal

import msgspec
from pydantic import BaseModel

from integrations.contract import Gone, Identity, IssueRecord, Page, Rejected, Surroundings
from integrations.errors import Misconfigured, Unavailable
from integrations.file.mapping import read_mapping
from integrations.file.options import Options
from integrations.file.preview import Preview, preview
from integrations.file.sheet import Sheet
from integrations.settings import read_options

PAGE = 1000
"""Records in one page, which the host stores in one transaction."""
READER = 1
"""Raised when rows come to mean something else, so that unchanged files are read again."""


class File:
    """A list of bugs or customers in a CSV or JSON Lines file."""

    kind: ClassVar[str] = "file"
    noun: ClassVar[Literal["tickets", "bugs", "any"]] = "any"
    Options: ClassVar[type[BaseModel]] = Options

    def __init__(self, options: Mapping[str, Any], around: Surroundings) -> None:
        self._options = read_options(Options, options, kind=self.kind)
        self._around = around
        self.streams: Sequence[str] = (self._options.noun,)

    def pages(self, stream: str, position: str) -> Iterator[Page]:
        """Pages of the whole file, or none when `position` says it was read as it stands."""
        if stream not in self.streams:
            raise Misconfigured(f"This file holds {self._options.noun}, not {stream}.")
        mapping = read_mapping(self._options.mapping, self._options.noun)
        with self._opened() as handle:
            content = hashlib.file_digest(handle, "sha256").hexdigest()
            goal = self._fingerprint(content, mapping)
            if position != goal:
                yield from self._walk(self._sheet(handle, mapping), content, goal, position)

    def look_up(self, known: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[IssueRecord | Gone]:
        """Nothing: a row that left the file says nothing about its bug."""
        del known
        yield from ()

    def check(self) -> Identity:
        """Read the whole file once and tell what it would bring."""
        found = self.preview(limit=3)
        counts = f"{found.kept} of {found.read} {found.noun} can be read"
        unused = [f"The column “{name}” is not used." for name in found.unmapped[:5]]
        return Identity(
            who=f"{self._options.path.name}: {counts}",
            samples=tuple(
                row.title if isinstance(row, IssueRecord) else row.name for row in found.samples
            ),
            warnings=(*found.reasons, *found.unknown_words, *unused),
        )

    def preview(self, *, limit: int = 20) -> Preview:
        """What an import would do; at most `limit` reasons are listed."""
        mapping = read_mapping(self._options.mapping, self._options.noun)
        with self._opened() as handle:
            return preview(self._sheet(handle, mapping), noun=self._options.noun, limit=limit)

    def close(self) -> None:
        """Nothing is held open between readings."""

    @contextmanager
    def _opened(self) -> Iterator[BufferedReader]:
        path = self._options.path
        try:
            if not path.is_file():
                raise Misconfigured(
                    f"There is no file {path}; give the path as the server sees it."
                )
            handle = path.open("rb")
        except OSError as error:
            raise Misconfigured(f"The file {path} cannot be opened: {error.strerror}.") from None
        with handle:
            yield handle

    def _sheet(self, handle: BufferedReader, mapping: dict[str, str]) -> Sheet:
        written_at = datetime.fromtimestamp(self._options.path.stat().st_mtime, UTC)
        return Sheet(handle, options=self._options, mapping=mapping, written_at=written_at)

    def _fingerprint(self, content: str, mapping: dict[str, str]) -> str:
        settings = [READER, content, self._options.noun, self._options.keep_text]
        read_as = msgspec.json.encode([*settings, sorted(mapping.items())])
        return hashlib.sha256(read_as).hexdigest()

    def _walk(self, sheet: Sheet, content: str, goal: str, position: str) -> Iterator[Page]:
        done = _rows_done(position, goal)
        rows = islice(sheet.read(), done, None)
        while True:
            found = [row.found for row in islice(rows, PAGE)]
            done += len(found)
            whole = done >= sheet.total
            if whole:
                self._must_be_unchanged(rows, sheet, content)
            yield Page(
                records=[one for one in found if not isinstance(one, Rejected)],
                rejected=[one for one in found if isinstance(one, Rejected)],
                position=goal if whole else f"{goal}:{done}",
                total=sheet.total,
            )
            if whole:
                return

    def _must_be_unchanged(self, rest: Iterator[Any], sheet: Sheet, content: str) -> None:
        if next(rest, None) is not None or sheet.fingerprint() != content:
            raise Unavailable(
                f"{self._options.path.name} was changed while it was read; it is read again later."
            )


def _rows_done(position: str, goal: str) -> int:
    read_as, _, rows = position.partition(":")
    return int(rows) if read_as == goal and rows.isdecimal() else 0
