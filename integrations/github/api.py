"""GitHub's addresses: headers, redirects, and the walk over a repository's issues."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec

from integrations.contract import Surroundings
from integrations.errors import Denied, Unreadable
from integrations.github.options import Options
from integrations.github.records import changed_at
from integrations.http import Answer, Http

VERSION = "2022-11-28"
REDIRECTS = (301, 302, 307, 308)
MOST_HOPS = 5
MOST_PAGES = 20_000
"""Requests in one walk; two million issues end here, and so does an endless list."""

LINKS_ONLY = datetime.max.replace(tzinfo=UTC)
"""Stands for the last time asked where a server ignores `since`: then only its links lead on."""


class Elsewhere(Unreadable):
    """GitHub points to another host, where our credentials are not sent."""


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a walk.  `upto` is its latest change; `etag` is set when it is the whole list."""

    items: list[Any]
    upto: datetime | None
    etag: str | None


class Api:
    """Speaks to one GitHub."""

    def __init__(self, options: Options, around: Surroundings, transport: Any = None) -> None:
        token = options.token.get_secret_value() if options.token else ""
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": VERSION}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        host = urlsplit(options.base_url).netloc.rpartition("@")[2].lower()

        def pace(path: str) -> None:
            del path
            around.limiter.wait(f"github:{host}", options.requests_per_minute)

        self.base_url = options.base_url.rstrip("/")
        self.http = Http(
            options.base_url,
            around=around,
            name="GitHub",
            headers=headers,
            secrets=(token,) if token else (),
            pace=pace,
            transport=transport,
        )

    def ask(
        self,
        url: str,
        params: Mapping[str, str | int] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        expect: Collection[int] = (),
    ) -> Answer:
        """Ask, and follow redirects on the same host (a renamed repository, a moved issue)."""
        for _ in range(MOST_HOPS):
            answer = self.http.get(
                url, params=params, headers=headers, expect=(200, *REDIRECTS, *expect)
            )
            if answer.status not in REDIRECTS:
                return answer
            url = urljoin(answer.url, answer.headers.get("location", ""))
            if urlsplit(url)[:2] != urlsplit(answer.url)[:2]:
                raise Elsewhere(f"GitHub moved {answer.where} to another host; check the address.")
            params = None if urlsplit(url).query else params
        raise Unreadable("GitHub sends us from one address to the next without end.")

    def walk(
        self, repository: str, *, since: datetime | None, etag: str | None = None
    ) -> Iterator[Batch]:
        """Every issue changed at or after `since`, oldest change first; nothing if as at `etag`.

        The list is cut into pages by number, so a change during the walk would push a row over
        a page's edge and out of sight.  So the next page is asked for by the time of the last row,
        and the server's link is followed only through rows of one and the same second.
        """
        answer = self._changed_since(repository, since, etag)
        if answer.status == 304:
            return
        only = True
        links: set[str] = set()
        for _ in range(MOST_PAGES):
            items = answer.json(list[Any])
            upto = _latest(items)
            link = next_link(answer.headers.get("link", ""))
            whole = answer.headers.get("etag") if only and link is None else None
            yield Batch(items=items, upto=upto, etag=whole)
            if link is None:
                return
            only = False
            answer, since = self._next(repository, link, links, upto=upto, since=since)
        raise Unreadable(f"The list of issues of {repository} does not end.")

    def _next(
        self,
        repository: str,
        link: str,
        links: set[str],
        *,
        upto: datetime | None,
        since: datetime | None,
    ) -> tuple[Answer, datetime | None]:
        if upto and (since is None or upto > since):
            answer = self._changed_since(repository, upto, None)
            items = answer.json(list[Any])
            if items and all((changed_at(item) or upto) >= upto for item in items):
                return answer, upto
            since = LINKS_ONLY
        if link in links:
            raise Unreadable(f"The list of issues of {repository} names the same next page twice.")
        links.add(link)
        return self.ask(link), since

    def _changed_since(self, repository: str, since: datetime | None, etag: str | None) -> Answer:
        params: dict[str, str | int] = {
            "state": "all",
            "sort": "updated",
            "direction": "asc",
            "per_page": 100,
        }
        if since:
            params["since"] = since.strftime("%Y-%m-%dT%H:%M:%SZ")
        headers = {"If-None-Match": etag} if etag else {}
        path = f"/repos/{repository}/issues"
        answer = self.ask(path, params, headers=headers, expect=(304, 404, 410))
        if answer.status == 404:
            raise Denied(
                f"GitHub does not show us {repository}: check the name, and that the token may "
                "read its issues."
            )
        if answer.status == 410:
            raise Denied(f"Issues are switched off in {repository} on GitHub.")
        return answer


def _latest(items: list[Any]) -> datetime | None:
    latest = max(filter(None, map(changed_at, items)), default=None)
    return latest.replace(microsecond=0) if latest else None


def next_link(header: str) -> str | None:
    """The address that a Link header calls next."""
    for address, attributes in re.findall(r"<([^<>]*)>([^<>]*)", header):
        if re.search(r"""rel\s*=\s*["']?(?:[^"']*\s)?next\b""", attributes):
            return str(address)
    return None
