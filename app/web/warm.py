"""The short way to a page that is kept: one small read, and no handler.

It answers only what a handler answered before, to the same sign-in, at the same address, and only
while everything that answer depended on reads the same in the database; else it steps aside.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime

from starlette.types import ASGIApp, Receive, Scope, Send

from app.actions.people import hashed
from app.db.queries.standing import Glance
from app.web.desk import moments
from app.web.faces import HTML
from app.web.kept import Kept, KeptPages
from app.web.proxies import VOUCHED

Headers = dict[bytes, bytes]


class WarmPages:
    """One pure ASGI layer before the routes, for pages that end in /board."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        pages: KeptPages,
        glance: Glance,
        clock: Callable[[], datetime],
        cookie: str,
    ) -> None:
        self.app = app
        self.pages = pages
        self.glance = glance
        self.clock = clock
        self.cookie = f"{cookie}="

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or pass the request on."""
        if scope["type"] == "http" and scope["path"].endswith("/board"):
            headers: Headers = dict(scope["headers"])
            kept = self._kept(scope, headers)
            if kept is not None:
                await _answer(kept, headers, send)
                return
        await self.app(scope, receive, send)

    def _kept(self, scope: Scope, headers: Headers) -> Kept | None:
        token = self._token(headers)
        if VOUCHED in scope.get("state", {}):
            return None  # a trusted proxy says who asks; the cookie does not count
        if token is None or scope["method"] != "GET" or b"authorization" in headers:
            return None
        served = self.pages.served((token, scope["path"], scope["query_string"]))
        if served is None or served.day != self._today():
            return None
        found = self.glance.look(hashed(token), **moments(self.clock()))
        return served.page if found == served.standing else None

    def _token(self, headers: Headers) -> str | None:
        for part in headers.get(b"cookie", b"").decode("latin-1").split(";"):
            if part.strip().startswith(self.cookie):
                return part.strip().removeprefix(self.cookie)
        return None

    def _today(self) -> date:
        return self.clock().astimezone(UTC).date()


async def _answer(kept: Kept, headers: Headers, send: Send) -> None:
    said = [(name.encode(), value.encode()) for name, value in kept.headers.items()]
    body, status = kept.plain, 200
    if kept.tag.encode() in headers.get(b"if-none-match", b""):
        body, status = b"", 304
    else:
        said.append((b"content-type", HTML.encode()))
        if b"gzip" in headers.get(b"accept-encoding", b""):
            body = kept.squeezed
            said.append((b"content-encoding", b"gzip"))
        said.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": said})
    await send({"type": "http.response.body", "body": body})
