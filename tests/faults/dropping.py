"""A proxy that lets the server act, and then loses its answer."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.faults.talk import LOST

RESET = struct.pack("ii", 1, 0)


@dataclass
class Dropping:
    """One request for each connection, so that no fault hides behind a connection that is kept.

    `due` says of each answer, counted from one, whether it gets lost.
    """

    upstream: str
    due: Callable[[int], bool]
    answers: int = 0
    dropped: int = 0
    url: str = ""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(*LOST):
            answer = await _asked(self.upstream, await _request(reader))
            self.answers += 1
            if answer and self.due(self.answers):
                self.dropped += 1
                door = writer.get_extra_info("socket")
                door.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                writer.transport.abort()
            else:
                writer.write(answer)
                await writer.drain()
        writer.close()


async def _asked(url: str, request: bytes) -> bytes:
    at = urlsplit(url)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    try:
        writer.write(request)
        return await reader.read()
    finally:
        writer.close()


async def _request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head[:-4].split(b"\r\n")
    length = next((int(x[15:]) for x in lines if x.lower().startswith(b"content-length:")), 0)
    body = await reader.readexactly(length)
    return b"\r\n".join([*lines, b"Connection: close", b"", b""]) + body


@asynccontextmanager
async def dropping(upstream: str, due: Callable[[int], bool]) -> AsyncIterator[Dropping]:
    """Stand before a server; yields the proxy, whose `url` is where to go instead."""
    proxy = Dropping(upstream, due)
    server = await asyncio.start_server(proxy._serve, "127.0.0.1", 0)
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        server.close()
