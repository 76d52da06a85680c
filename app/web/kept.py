"""Pages kept as bytes until what they show changes."""

import gzip
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock

from fastapi import Response

from app.web.desk import Desk
from app.web.faces import HTML, tag_of

REMEMBERED = 256
POLICY = "private, no-cache"  # may be kept by the reader's browser, but must be asked for anew


@dataclass(frozen=True, slots=True)
class Kept:
    """A page, plain and compressed, and for which version it is true."""

    tag: str
    plain: bytes
    squeezed: bytes


class KeptPages:
    """The pages last shown, by who saw what."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, Kept] = OrderedDict()
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
            self._pages[key] = made
            self._pages.move_to_end(key)
            while len(self._pages) > REMEMBERED:
                self._pages.popitem(last=False)
        return made


def serve_kept(
    desk: Desk, what: Hashable, version: Hashable, make: Callable[[], bytes]
) -> Response:
    """Answer 304 when the reader has it, kept bytes when we have it, else a new page."""
    who = desk.visitor.key
    tag = tag_of(what, version, who)
    headers = {"etag": tag, "cache-control": POLICY, "vary": "accept-encoding, cookie"}
    if tag in desk.request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    pages: KeptPages = desk.request.app.state.pages
    kept = pages.get((what, who), tag, make)
    if "gzip" in desk.request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        return Response(kept.squeezed, headers=headers, media_type=HTML)
    return Response(kept.plain, headers=headers, media_type=HTML)
