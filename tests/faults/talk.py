"""A small HTTP client on bare sockets: cheap enough to keep two servers busy."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

LOST = (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError)
SECONDS = 30.0


class Lost(Exception):
    """No answer came; nobody knows what the request did."""


@dataclass(frozen=True)
class Told:
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


@dataclass
class Client:
    """One connection to a server, opened when needed, with headers that it always sends."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)
    _open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Told:
        """Send a request and wait for its answer; Lost when none comes."""
        try:
            async with asyncio.timeout(SECONDS):
                reader, writer = await self._connection()
                writer.write(self._head(method, path, body, headers))
                return await self._answer(reader)
        except LOST as error:
            await self.close()
            raise Lost from error

    async def close(self) -> None:
        """Leave."""
        if self._open:
            writer, self._open = self._open[1], None
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def _head(self, method: str, path: str, body: Any, more: dict[str, str]) -> bytes:
        content = b"" if body is None else json.dumps(body).encode()
        names = {"host": urlsplit(self.url).netloc, "content-length": str(len(content))}
        if body is not None:
            names["content-type"] = "application/json"
        names |= self.headers | {name.replace("_", "-"): value for name, value in more.items()}
        lines = [f"{method} {path} HTTP/1.1", *(f"{n}: {v}" for n, v in names.items())]
        return "\r\n".join([*lines, "", ""]).encode() + content

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._open is None:
            at = urlsplit(self.url)
            self._open = await asyncio.open_connection(at.hostname, at.port, limit=2**22)
        return self._open

    async def _answer(self, reader: asyncio.StreamReader) -> Told:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in head[1:] if line)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection", "").lower() == "close":
            await self.close()
        return Told(int(head[0].split()[1]), headers, body)


@asynccontextmanager
async def leaving(clients: Iterable[Client]) -> AsyncIterator[None]:
    """Close the clients' connections at the end."""
    try:
        yield
    finally:
        for client in clients:
            await client.close()
