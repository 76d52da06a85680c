"""Zendesk as a source of tickets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

import msgspec
from pydantic import BaseModel

from integrations.contract import Gone, Identity, IssueRecord, Page, Surroundings
from integrations.settings import read_options
from integrations.zendesk import extras
from integrations.zendesk.check import identity
from integrations.zendesk.fetch import Exports
from integrations.zendesk.options import Options
from integrations.zendesk.session import Session


class Zendesk:
    """Reads one account; see the README beside this module.  `exports` holds the page size."""

    kind: ClassVar[str] = "zendesk"
    noun: ClassVar[Literal["tickets", "bugs", "any"]] = "tickets"
    Options: ClassVar[type[BaseModel]] = Options
    streams: Sequence[str] = ("organizations", "tickets", "comments", "links", "ratings")

    def __init__(self, options: Mapping[str, Any], around: Surroundings, **http: Any) -> None:
        self._session = Session(read_options(Options, options, kind=self.kind), around, **http)
        self.exports = Exports(self._session)

    def pages(self, stream: str, position: str) -> Iterator[Page]:
        """Yield the pages of one of `streams`, oldest change first."""
        match stream:
            case "organizations":
                return self.exports.organizations(position)
            case "tickets":
                return self.exports.tickets(position)
            case "comments":
                return self.exports.comments(position)
            case "links":
                return extras.links(self._session, position)
            case "ratings":
                return extras.ratings(self._session, position)
            case _:
                raise ValueError(f"Zendesk has no stream {stream}.")

    def look_up(self, external_ids: Iterable[str]) -> Iterator[IssueRecord | Gone]:  # noqa: ARG002
        """Yield nothing: tickets are no bugs, and Zendesk tells of its deletions itself."""
        yield from ()

    def again(self, stream: str, payload: str) -> Page:
        """Look again at a row that was set aside."""
        row = msgspec.Raw(payload.encode())
        if stream in ("links", "ratings"):
            return extras.again(self._session, stream, row)
        return self.exports.again(stream, row)

    def check(self) -> Identity:
        """Try the connection."""
        return identity(self._session)

    @property
    def clock_skew_seconds(self) -> float | None:
        """How far our clock is ahead of Zendesk's."""
        return self._session.clock_skew_seconds

    def close(self) -> None:
        """Give back sockets."""
        self._session.close()
