"""Pages kept as bytes until what they show changes."""

import gzip
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import TypeVar

from fastapi import Response

from app.db.queries.standing import Standing
from app.web.desk import Desk
from app.web.faces import HTML, tag_of

REMEMBERED = 256
POLICY = "private, no-cache"  # may be kept by the reader's browser, but must be asked for anew
Address = tuple[str, str, bytes]
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Kept:
    """A page, plain and compressed, and for which version it is true."""

    tag: str
    plain: bytes
    squeezed: bytes

    @property
    def headers(self) -> dict[str, str]:
        """What is said of the page, whether its bytes are sent or not."""
        return {"etag": self.tag, "cache-control": POLICY, "vary": "accept-encoding, cookie"}


@dataclass(frozen=True, slots=True)
class Served:
    """What a browser was last shown at an address, and everything that it depended on."""

    standing: Standing
    day: date
    page: Kept


class KeptPages:
    """The pages last shown, by who saw what."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, Kept] = OrderedDict()
        self._served: OrderedDict[Address, Served] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, tag: str, make: Callable[[], bytes]) -> Kept:
        """Return the page of this version, made anew when it is another."""
        with self._lock:
            found = self._pages.get(key)
            if found is not None and found.tag == tag:
                self._pages.move_to_end(key)
                return found
        body = make()
        made = Kept(tag, body, gzip.compress(body, 5))
        with self._lock:
            _put(self._pages, key, made)
        return made

    def note(self, address: Address, served: Served) -> None:
        """Remember what was shown at an address to the holder of a sign-in."""
        with self._lock:
            _put(self._served, address, served)

    def served(self, address: Address) -> Served | None:
        """Return what was last shown there."""
        return self._served.get(address)


def _put(kept: OrderedDict[K, V], key: K, value: V) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > REMEMBERED:
        kept.popitem(last=False)


def serve_kept(
    desk: Desk, what: Hashable, version: Hashable, make: Callable[[], bytes]
) -> Response:
    """Answer 304 when the reader has it, kept bytes when we have it, else a new page."""
    who = desk.visitor.key
    tag = tag_of(what, version, who)
    pages: KeptPages = desk.request.app.state.pages
    kept = pages.get((what, who), tag, make)
    if desk.standing is not None and desk.token:
        url = desk.request.scope
        address = (desk.token, url["path"], url["query_string"])
        pages.note(address, Served(desk.standing, desk.today, kept))
    headers = kept.headers
    if tag in desk.request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in desk.request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        return Response(kept.squeezed, headers=headers, media_type=HTML)
    return Response(kept.plain, headers=headers, media_type=HTML)
