"""What stands before every handler: request ids, security headers, forgery and size checks."""

import logging
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.proxies import Proxies

log = logging.getLogger("bugsprint")
SAFE = {"GET", "HEAD", "OPTIONS"}
KIB = 1024
BODY_LIMIT, UPLOAD_LIMIT = 256 * KIB, 8 * KIB * KIB
UPLOADS = {"/teams/import"}
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)
STRICT = "max-age=31536000"
FIXED = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class Problem(JSONResponse):
    """A refusal before any handler."""

    def __init__(self, status: int, title: str) -> None:
        self.title = title
        body = {"type": "about:blank", "title": title, "status": status}
        super().__init__(body, status, media_type="application/problem+json")


class Guards:
    """One pure ASGI layer: cheaper than three, and it never buffers a stream."""

    def __init__(
        self, app: ASGIApp, base_url: str, proxies: Proxies | None = None, *, below: bool = True
    ) -> None:
        self.app = app
        self.proxies = proxies or Proxies()
        self.base_url = base_url
        self.fixed = [
            (k.encode(), v.encode()) for k, v in fixed_headers(base_url, below=below).items()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, number and pass on a request; dress its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        scope = self.proxies.told(scope)

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                # A new message: an application may send the same one to every reader.
                message = {**message, "headers": [*message["headers"], *self.fixed]}
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                if "cache-control" not in headers:
                    headers["cache-control"] = "no-store"
            await send(message)

        refusal = self._refusal(scope)
        if refusal:
            # The address that was asked for is not named: anybody may have written it.
            log.warning("request %s was refused: %s", request_id, refusal.title)
        reading = receive if scope["method"] in SAFE else _counted(scope, receive)
        await (refusal or self.app)(scope, reading, dressed)

    def _refusal(self, scope: Scope) -> Problem | None:
        headers = Headers(scope=scope)
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length) > _limit(scope):
            return Problem(413, _too_large(scope))
        if scope["method"] in SAFE or scope["path"].startswith("/hooks/"):
            return None
        if headers.get("authorization", "").lower().startswith("bearer "):
            return None
        if same_origin(headers, self.base_url):
            return None
        return Problem(403, "This request did not come from a page of this site.")


def fixed_headers(base_url: str, *, below: bool = True) -> dict[str, str]:
    """Return the headers that every answer bears; `below`: names below the host have TLS too."""
    if not base_url.startswith("https://"):
        return FIXED
    return FIXED | {"strict-transport-security": STRICT + ("; includeSubDomains" if below else "")}


def same_origin(headers: Headers, base_url: str) -> bool:
    """Say whether a browser vouches that the request comes from one of our own pages."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    return headers.get("origin") == base_url


def _limit(scope: Scope) -> int:
    return UPLOAD_LIMIT if scope["path"] in UPLOADS else BODY_LIMIT


def _too_large(scope: Scope) -> str:
    kib = _limit(scope) // KIB
    size = f"{kib} KiB" if kib < KIB else f"{kib // KIB} MiB"
    return f"The request is larger than {size}, the most that is taken here."


def _counted(scope: Scope, receive: Receive) -> Receive:
    """Read on until the body turns out too large; one without a length is only known then."""
    left = _limit(scope)

    async def counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413, _too_large(scope))
        return message

    return counted
