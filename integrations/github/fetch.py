"""Reads issues as they change, counts them all now and then, and asks after the missing."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

import msgspec
from pydantic import BaseModel

from integrations.contract import Gone, Identity, IssueRecord, Page, Rejected, Surroundings
from integrations.errors import Denied, Misconfigured, PartlyDenied, Unreadable
from integrations.github.api import Api, Batch
from integrations.github.checking import check
from integrations.github.missing import look_up
from integrations.github.options import Options
from integrations.github.positions import Census, Mark, census, marks, written
from integrations.github.records import identity, issue, reading
from integrations.settings import read_options

CENSUS_EVERY = timedelta(hours=6)


class GitHub:
    """Issues of one owner's repositories."""

    kind: ClassVar[str] = "github"
    noun: ClassVar[Literal["tickets", "bugs", "any"]] = "bugs"
    Options: ClassVar[type[BaseModel]] = Options
    streams: Sequence[str] = ("issues", "census")

    def __init__(
        self, options: Mapping[str, Any], around: Surroundings, transport: Any = None
    ) -> None:
        self._options = read_options(Options, options, kind=self.kind)
        self._around = around
        self._how = reading(self._options.severity_labels, keep_text=self._options.keep_text)
        self._api = Api(self._options, around, transport)

    def pages(self, stream: str, position: str) -> Iterator[Page]:
        """Changed issues, or the census; one closed repository does not keep the others away."""
        match stream:
            case "issues":
                yield from self._issues(position)
            case "census":
                yield from self._census(position)
            case _:
                raise Misconfigured(f"GitHub has no stream {stream}.")

    def look_up(self, known: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[IssueRecord | Gone]:
        """Ask for each by the addresses among its names; GitHub finds no issue by its id."""
        for external_id, names in known:
            yield look_up(self._api, external_id, names, self._how, self._options.repositories)

    def again(self, stream: str, payload: str) -> Page:
        """Look again at an issue that was set aside."""
        del stream
        try:
            item = msgspec.json.decode(payload)
        except msgspec.DecodeError:
            raise Unreadable("What was kept of the issue is not JSON.") from None
        return self._page(Batch(items=[item], upto=None, etag=None), "")

    def check(self) -> Identity:
        """Try the token on every repository."""
        return check(self._api, self._options, self._around.now)

    @property
    def clock_skew_seconds(self) -> float | None:
        """How far our clock is ahead of GitHub's."""
        return self._api.http.clock_skew_seconds

    def close(self) -> None:
        """Give back sockets."""
        self._api.http.close()

    def _issues(self, position: str) -> Iterator[Page]:
        state = marks(position)
        yield from self._each(lambda repository: self._changed(repository, state))

    def _changed(self, repository: str, state: dict[str, Mark]) -> Iterator[Page]:
        mark = state.get(repository, Mark())
        for batch in self._api.walk(repository, since=mark.since, etag=mark.etag):
            mark = mark.after(batch.upto, batch.etag)
            state[repository] = mark
            yield self._page(batch, written(state))

    def _census(self, position: str) -> Iterator[Page]:
        last = census(position)
        now = self._around.now()
        if last and _still_good(last, now, self._options.repositories):
            return
        present: set[str] = set()

        def listed(repository: str) -> Iterator[Page]:
            for batch in self._api.walk(repository, since=None):
                present.update(filter(None, map(identity, batch.items)))
                if last:  # the issues were read just now when there was no census before
                    yield self._page(batch, position)

        yield from self._each(listed)
        done = Census(at=now, repositories=self._options.repositories)
        yield Page(records=(), position=written(done), present=frozenset(present))

    def _each(self, read: Callable[[str], Iterator[Page]]) -> Iterator[Page]:
        denied: list[str] = []
        for repository in self._options.repositories:
            try:
                yield from read(repository)
            except Denied as error:
                denied.append(str(error))
        if denied:
            whole = len(denied) == len(self._options.repositories)
            raise (Misconfigured if whole else PartlyDenied)(" ".join(denied))

    def _page(self, batch: Batch, position: str) -> Page:
        found = [issue(item, self._how) for item in batch.items]
        return Page(
            records=[one for one in found if isinstance(one, IssueRecord)],
            rejected=[one for one in found if isinstance(one, Rejected)],
            position=position,
        )


def _still_good(last: Census, now: datetime, repositories: Sequence[str]) -> bool:
    young = timedelta(0) <= now - last.at < CENSUS_EVERY
    return young and last.repositories == tuple(repositories)
