"""The one way to ask a web service, and the only module that knows the HTTP library.

Each exchange has a deadline over connect, headers and body, and a size cap; failures that may pass
are asked again with growing pauses; addresses inside the network are refused at the connect itself.
"""

import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import urlencode

import httpcore
import httpx
import msgspec

from integrations.answers import Answer, Setback, clock_skew, judge, where
from integrations.contract import Surroundings
from integrations.errors import Misconfigured, Unavailable, Unreadable
from integrations.patience import pause_seconds
from integrations.sockets import Backend, Deadline, trusted

__all__ = ["Answer", "Http", "TimedOut"]

Headers = Mapping[str, str] | Callable[[], Mapping[str, str]]
Params = Mapping[str, str | int | float]
_JSON = {"Content-Type": "application/json"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}

logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs whole addresses with their queries
logging.getLogger("httpcore").setLevel(logging.WARNING)


class TimedOut(Unavailable):
    """No whole answer came before the deadline; a smaller question may help."""


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    method: str
    url: httpx.URL
    params: Params | None = None
    headers: Mapping[str, str] | None = None
    content: bytes | None = None
    expect: Collection[int]
    repeatable: bool = False
    shape: Any = None


@dataclass(repr=False, eq=False)
class Http:
    """Asks one service.  `headers` may be a function, called before each try.

    `secrets` never appear in a message.  `pace` is called with the path before each try, to take
    a slot from a limiter.  `tries` bounds all tries of one request, `timeouts` the late ones; the
    surroundings may have less patience still.  Only with `writes` may anything be changed there.
    `clock_skew_seconds`: how far our clock was ahead of the service's at its last answer.
    """

    base_url: str
    _: KW_ONLY
    around: Surroundings
    name: str
    headers: Headers = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    total_seconds: float = 60.0
    max_bytes: int = 64 * 1024 * 1024
    tries: int = 6
    timeouts: int = 3
    pace: Callable[[str], None] | None = None
    transport: httpx.BaseTransport | None = None
    writes: bool = False
    clock_skew_seconds: float | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._deadline = Deadline()
        backend = Backend(self._deadline, self.around.private_hosts, self.name)
        fixed = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "Bugsprint"}
        self._client = httpx.Client(
            transport=self.transport or _Transport(backend),
            timeout=self.total_seconds,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            trust_env=False,
            headers=fixed,
        )

    def get(
        self,
        url: str,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        expect: Collection[int] = (200,),
        shape: Any = None,
    ) -> Answer:
        """Ask; an answer whose status is in `expect` is handed back, any other is a SourceError."""
        asked = {"params": params, "headers": headers, "expect": expect, "shape": shape}
        return self._send(url, method="GET", repeatable=True, **asked)

    def post_json(
        self,
        url: str,
        body: Any,
        *,
        headers: Mapping[str, str] | None = None,
        expect: Collection[int] = (200, 201),
        repeatable: bool = False,
    ) -> Answer:
        """Send JSON; without `repeatable` it is sent again only if it surely was not acted upon."""
        given = {"headers": {**_JSON, **(headers or {})}, "content": msgspec.json.encode(body)}
        return self._send(url, method="POST", expect=expect, repeatable=repeatable, **given)

    def put_json(self, url: str, body: Any, *, expect: Collection[int] = (200,)) -> Answer:
        """Change something; sent again only if it surely was not acted upon.

        An Unavailable that is raised says with `sent` whether it may have been.
        """
        if not self.writes:
            raise Misconfigured(f"{self.name} is only read here; nothing is written.")
        content = msgspec.json.encode(body)
        return self._send(url, method="PUT", headers=_JSON, content=content, expect=expect)

    def post_form(
        self,
        url: str,
        fields: Mapping[str, str],
        *,
        headers: Mapping[str, str] | None = None,
        expect: Collection[int] = (200,),
    ) -> Answer:
        """Send a form, once."""
        given = {"headers": {**_FORM, **(headers or {})}, "content": urlencode(fields).encode()}
        return self._send(url, method="POST", expect=expect, **given)

    def _send(self, url: str, **asked: Any) -> Answer:
        return self._persist(_Asked(url=self._target(url), **asked))

    def close(self) -> None:
        """Give back sockets."""
        self._client.close()

    def _target(self, url: str) -> httpx.URL:
        try:
            base = httpx.URL(self.base_url.rstrip("/"))
            absolute = "://" in url.partition("?")[0] or url.startswith("//")
            target = httpx.URL(url if absolute else f"{base}/{url.lstrip('/')}")
        except httpx.InvalidURL:
            raise Unreadable(f"{self.name} has or named an address that cannot be read.") from None
        if base.scheme not in {"http", "https"} or not base.host or base.userinfo:
            raise Misconfigured(f"The address of {self.name} must look like https://example.com.")
        door = f"{base.host}:{base.port or 80}"
        if base.scheme == "http" and door not in self.around.private_hosts:
            raise Misconfigured(
                f"The address of {self.name} must start with https://, "
                f"or {door} be named in BUGSPRINT_ALLOWED_PRIVATE_HOSTS."
            )
        if _origin(target) != _origin(base) or target.userinfo:
            raise Unreadable(
                f"{self.name} named an address on {target.host or 'no host'}, "
                f"but our credentials are only sent to {base.host}."
            )
        return target

    def _persist(self, asked: _Asked) -> Answer:
        waited, seen = 0.0, Counter[type]()
        while isinstance(outcome := self._once(asked), Setback):
            seen[type(outcome.error)] += 1
            if isinstance(outcome.error, Unavailable):
                outcome.error.sent = outcome.sent
            tries = min(self.tries, self.around.tries)
            spent = seen[type(outcome.error)] >= (outcome.tries or tries)
            if spent or seen.total() >= tries or (outcome.sent and not asked.repeatable):
                raise outcome.error
            pause = pause_seconds(seen.total(), outcome.after, random.random())  # noqa: S311
            waited += pause
            if waited > self.around.longest_seconds:
                late = Unavailable(str(outcome.error), outcome.after or pause)
                late.sent = outcome.sent
                raise late
            self.around.sleep(pause)
        return outcome

    def _once(self, asked: _Asked) -> Answer | Setback:
        if self.pace:
            self.pace(asked.url.path)
        own = self.headers() if callable(self.headers) else self.headers
        try:
            answer = self._exchange(asked, {**own, **(asked.headers or {})})
        except _FAILURES as error:
            return self._setback(asked, error)
        now = self.around.now()
        skew = clock_skew(answer, now)
        self.clock_skew_seconds = self.clock_skew_seconds if skew is None else skew
        return judge(answer, asked.expect, now, (*self.secrets, *_tokens(own)), asked.shape)

    def _exchange(self, asked: _Asked, headers: Mapping[str, str]) -> Answer:
        self._deadline.until = time.monotonic() + self.total_seconds
        request = self._client.build_request(
            asked.method, asked.url, params=asked.params, headers=headers, content=asked.content
        )
        response = self._client.send(request, stream=True, follow_redirects=False)
        try:
            content = self._body(response)
        finally:
            response.close()
        return Answer(response.status_code, response.headers, content, str(request.url), self.name)

    def _body(self, response: httpx.Response) -> bytes:
        parts: list[bytes] = []
        size = 0
        for part in response.iter_bytes():
            size += len(part)
            if size > self.max_bytes:
                limit = f"{self.max_bytes // 1024 // 1024} MiB"
                raise Unreadable(f"{self.name} answered with more than {limit}, which is too much.")
            self._deadline.left()
            parts.append(part)
        return b"".join(parts)

    def _setback(self, asked: _Asked, error: Exception) -> Setback:
        place = where(str(asked.url))
        match error:
            case UnicodeError() | httpx.LocalProtocolError() | httpcore.LocalProtocolError():
                text = f"The credentials of {self.name} hold letters that cannot be sent."
                return Setback(Misconfigured(text), tries=1)
            case httpx.ConnectError() | httpcore.ConnectError():
                text = f"{self.name} at {asked.url.host} cannot be reached"
                text += f" ({_reason(error)}): check the address and the network."
                return Setback(Unavailable(text), sent=False)
            case httpx.TimeoutException() | httpcore.TimeoutException():
                text = f"{self.name} at {place} did not answer within {self.total_seconds:g} s"
                text += ": try again later."
                return Setback(TimedOut(text), tries=self.timeouts)
            case _:
                text = f"{self.name} at {place} broke the connection off: try again later."
                return Setback(Unavailable(text))


_FAILURES = (
    UnicodeError,
    httpx.RequestError,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)


def _tokens(headers: Mapping[str, str]) -> Iterable[str]:
    return [value.rpartition(" ")[2] for value in headers.values() if len(value) >= 12]


def _reason(error: Exception) -> str:
    text = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return "its certificate is not trusted"
    if "name is not known" in text:
        return "its name is not known"
    return "connection refused" if "refused" in text else "no connection"


class _Transport(httpx.BaseTransport):
    """httpx over a pool of ours; httpcore's errors pass through as they are."""

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._pool = httpcore.ConnectionPool(ssl_context=trusted(), network_backend=backend)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        target = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        asked = httpcore.Request(
            request.method,
            target,
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        found = self._pool.handle_request(asked)
        return httpx.Response(found.status, headers=found.headers, stream=_Body(found))

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, found: httpcore.Response) -> None:
        self._found = found

    def __iter__(self) -> Iterator[bytes]:
        return self._found.iter_stream()

    def close(self) -> None:
        self._found.close()
