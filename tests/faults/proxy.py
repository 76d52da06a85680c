"""A proxy for HTTP that misbehaves on order, one request per connection.

Keep-alive would hide faults behind one healthy connection, so each answer ends its connection.
"""

import asyncio
import json
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread
from urllib.parse import urlsplit

LOST = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError)
Writer = asyncio.StreamWriter


@dataclass(frozen=True)
class Fault:
    """What happens to each `every`-th request.

    `size`: bytes let through before the cut, or in one piece of a drip; `seconds`: how long a
    delay, a pause of a drip or a silence lasts; `answer`: sent in place of the true one.
    """

    kind: str
    every: int = 3
    size: int = 100
    seconds: float = 0.0
    answer: bytes = b""


SOUND = Fault("none")


def spoken(status: int, body: str, **headers: str) -> bytes:
    """An answer of the proxy's own."""
    sent = body.encode()
    said = {"content-type": "application/json", "content-length": str(len(sent)), **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in said.items()]
    return "\r\n".join([f"HTTP/1.1 {status} Injected", *lines, "", ""]).encode() + sent


@dataclass
class Proxy:
    """Stands before a server; `fault` may be set at any time, `hits` counts it."""

    upstream: str
    url: str = ""
    fault: Fault = SOUND
    hits: int = 0
    asked: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def order(self, fault: Fault) -> None:
        """Misbehave like this from now on."""
        self.fault, self.hits, self.asked = fault, 0, 0

    async def client(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        """Serve one connection."""
        with suppress(*LOST):
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(_length(head))
            self.asked += 1
            due = self.fault.kind != "none" and self.asked % self.fault.every == 0
            self.hits += due
            await self._answer(self.fault if due else SOUND, _single(head) + body, writer)
        writer.close()
        with suppress(*LOST):
            await writer.wait_closed()

    async def _answer(self, fault: Fault, request: bytes, writer: Writer) -> None:
        match fault.kind:
            case "refuse":
                _reset(writer)
            case "silence":
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.over.wait(), fault.seconds)
            case "answer":
                writer.write(fault.answer)
                await writer.drain()
            case _:
                await asyncio.sleep(fault.seconds if fault.kind == "delay" else 0)
                await _damaged(fault, await self._true_answer(request), writer)

    async def _true_answer(self, request: bytes) -> bytes:
        parts = urlsplit(self.upstream)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(request)
        answer = await reader.read()
        writer.close()
        with suppress(*LOST):
            await writer.wait_closed()
        return answer


async def _damaged(fault: Fault, answer: bytes, writer: Writer) -> None:
    match fault.kind:
        case "lost":
            _reset(writer)
        case "cut" | "reset":
            writer.write(answer[: -fault.size])
            await writer.drain()
            if fault.kind == "reset":
                _reset(writer)
        case "garble":
            head, _, body = answer.partition(b"\r\n\r\n")
            writer.write(head + b"\r\n\r\n" + body.replace(b'"', b"'", 1))
        case "drip":
            for at in range(0, len(answer), fault.size):
                writer.write(answer[at : at + fault.size])
                await writer.drain()
                await asyncio.sleep(fault.seconds)
        case _:
            writer.write(answer)
    if not writer.is_closing():
        await writer.drain()


def _single(head: bytes) -> bytes:
    kept = [
        line
        for line in head[:-4].split(b"\r\n")
        if not line.lower().startswith((b"connection:", b"accept-encoding:"))
    ]
    return b"\r\n".join([*kept, b"Connection: close", b"", b""])


def _length(head: bytes) -> int:
    found = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return int(found[0].partition(b":")[2]) if found else 0


def _reset(writer: Writer) -> None:
    """Close as a crash does, not with a polite end."""
    made = writer.get_extra_info("socket")
    made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@contextmanager
def proxied(upstream: str) -> Iterator[Proxy]:
    """Lend a proxy in a thread of its own."""
    proxy, loop = Proxy(upstream), asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    starting = asyncio.start_server(proxy.client, "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(starting, loop).result(30)
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        asyncio.run_coroutine_threadsafe(_end(proxy, server), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


async def _end(proxy: Proxy, server: asyncio.Server) -> None:
    """Let every connection come to its end by itself; cancelling one would be reported."""
    server.close()
    proxy.over.set()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0.01)  # so that transports are closed before their loop is


NULL, LOGIN = spoken(200, "null"), spoken(200, "<html>sign in</html>", content_type="text/html")
SLOW_DOWN = spoken(429, json.dumps({"error": "TooManyRequests"}), retry_after="1")
OUT_OF_ORDER = spoken(503, "<html>down</html>", content_type="text/html")
