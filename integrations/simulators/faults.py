"""Faults by seeded chance, as middleware: too many requests, errors, slowness, broken bodies.

A specification such as `429:0.05,500:0.02,truncate:0.01` gives each fault its share of requests.
"""

from asyncio import sleep
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from integrations.simulators.chance import stream
from integrations.simulators.counters import Counters

HTML = b"<!DOCTYPE html><html><head><title>Just a moment</title></head><body>Hold on.</body></html>"
KNOWN = ("429", "500", "502", "503", "slow", "truncate", "html", "null", "reset", "drip")
SLOW_SECONDS = 3.0
DRIP_SECONDS = 0.05


class ConnectionCut(ConnectionError):
    """Raised on purpose: the server drops the connection in the middle of an answer."""


def parse_faults(text: str) -> dict[str, float]:
    """Read a specification; an unknown name or a share outside 0–1 is refused in a sentence."""
    shares: dict[str, float] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, share = part.partition(":")
        if name not in KNOWN:
            raise ValueError(f"Unknown fault “{name}”; known are {', '.join(KNOWN)}.")
        try:
            shares[name] = float(share)
        except ValueError:
            raise ValueError(
                f"The share of fault “{name}” must be a number, as in {name}:0.05."
            ) from None
        if not 0 <= shares[name] <= 1:
            raise ValueError(f"The share of fault “{name}” must lie between 0 and 1.")
    if sum(shares.values()) > 1:
        raise ValueError("The shares of all faults together must not exceed 1.")
    return shares


@dataclass(slots=True)
class _Answer:
    """One answer held back until it is whole."""

    status: int = 200
    headers: list[tuple[bytes, bytes]] | None = None
    body: bytes = b""


class Faults:
    """Wraps an application; addresses under /__ are always left alone."""

    def __init__(self, app: ASGIApp, spec: str, seed: int, counters: Counters) -> None:
        self._app, self._counters = app, counters
        self._shares = parse_faults(spec)
        self._chance = stream(seed, "faults")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or spoil it."""
        fault = self._draw(scope)
        if fault is None:
            await self._app(scope, receive, send)
            return
        self._counters.faults[fault] += 1
        if fault.isdigit() or fault in ("html", "null"):
            await _send(send, *_replacement(fault))
            return
        if fault == "slow":
            await sleep(SLOW_SECONDS)
            await self._app(scope, receive, send)
            return
        await _BROKEN[fault](send, await self._whole(scope, receive))

    def _draw(self, scope: Scope) -> str | None:
        if scope["type"] != "http" or scope["path"].startswith("/__") or not self._shares:
            return None
        drawn = self._chance.random()
        for name, share in self._shares.items():
            drawn -= share
            if drawn < 0:
                return name
        return None

    async def _whole(self, scope: Scope, receive: Receive) -> _Answer:
        held = _Answer()

        async def hold(message: Message) -> None:
            if message["type"] == "http.response.start":
                held.status, held.headers = message["status"], list(message["headers"])
            else:
                held.body += message.get("body", b"")

        await self._app(scope, receive, hold)
        return held


def _replacement(fault: str) -> tuple[int, dict[str, str], bytes]:
    if fault == "429":
        body = b'{"error":"TooManyRequests","description":"Slow down, please."}'
        return 429, {"content-type": "application/json", "retry-after": "1"}, body
    if fault == "html":
        return 200, {"content-type": "text/html; charset=utf-8"}, HTML
    if fault == "null":
        return 200, {"content-type": "application/json"}, b"null"
    headers = {"content-type": "text/html"} | ({"retry-after": "1"} if fault == "503" else {})
    return int(fault), headers, HTML


async def _send(send: Send, status: int, headers: dict[str, str], body: bytes) -> None:
    listed = [(key.encode(), value.encode()) for key, value in headers.items()]
    listed.append((b"content-length", str(len(body)).encode()))
    await _start(send, status, listed)
    await send({"type": "http.response.body", "body": body})


async def _start(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _truncate(send: Send, held: _Answer) -> None:
    """Promise the full length, send two thirds of it, and hang up."""
    await _start(send, held.status, held.headers or [])
    part = held.body[: len(held.body) * 2 // 3]
    await send({"type": "http.response.body", "body": part, "more_body": True})
    raise ConnectionCut


async def _reset(send: Send, held: _Answer) -> None:
    """Hang up after the first bytes of a body that was promised in full."""
    await _start(send, held.status, held.headers or [])
    await send({"type": "http.response.body", "body": held.body[:1], "more_body": True})
    raise ConnectionCut


async def _drip(send: Send, held: _Answer) -> None:
    """Send the whole answer in small pieces with pauses."""
    await _start(send, held.status, held.headers or [])
    size = max(1, len(held.body) // 60)
    for at in range(0, len(held.body), size):
        piece = held.body[at : at + size]
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        await sleep(DRIP_SECONDS)
    await send({"type": "http.response.body", "body": b""})


_BROKEN: dict[str, Callable[[Send, _Answer], Awaitable[None]]] = {
    "truncate": _truncate,
    "reset": _reset,
    "drip": _drip,
}
