"""Open live streams on bare sockets; each remembers which frames came, and when."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

SECONDS = 30.0
END = b"0\r\n\r\n"


class Stream:
    """One reader: the id of every frame, when it came, and its bytes."""

    def __init__(self, url: str, path: str, headers: dict[str, str]) -> None:
        self._at, self._path, self._headers = urlsplit(url), path, headers
        self.frames: dict[int, tuple[float, bytes]] = {}
        self.doubled = 0
        self.status = 0
        self._rest = b""

    async def open(self, *, buffer: int | None = None) -> "Stream":
        """Ask, and read the answer's head; with a buffer of so many bytes it will not read on."""
        door = socket.socket()
        if buffer:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        door.setblocking(False)
        at = (self._at.hostname, self._at.port)
        await asyncio.get_running_loop().sock_connect(door, at)
        limit = buffer or 2**22
        self._reader, self._writer = await asyncio.open_connection(sock=door, limit=limit)
        lines = [f"GET {self._path} HTTP/1.1", f"Host: {self._at.netloc}"]
        lines += [f"{name}: {value}" for name, value in self._headers.items()]
        self._writer.write("\r\n".join([*lines, "", ""]).encode())
        async with asyncio.timeout(SECONDS):
            head = await self._reader.readuntil(b"\r\n\r\n")
        self.status = int(head.split()[1])
        self._reading = None if buffer else asyncio.create_task(self._read())
        return self

    async def close(self) -> None:
        """Leave."""
        if self._reading:
            self._reading.cancel()
        self._writer.transport.abort()
        await asyncio.sleep(0)

    async def ended(self) -> bool:
        """Wait until the server has ended the stream; say whether it did so properly."""
        assert self._reading
        await asyncio.wait_for(self._reading, SECONDS)
        return self._rest.endswith(END)

    async def read_what_came(self) -> list[int]:
        """Read after all; returns the ids of the frames that had come in whole."""
        await asyncio.wait_for(self._read(), SECONDS)
        return list(self.frames)

    async def _read(self) -> None:
        while data := await self._reader.read(2**18):
            now = time.perf_counter()
            *whole, self._rest = (self._rest + data).split(b"\n\n")
            for frame in whole:
                self._keep(now, frame)
            if self._rest.endswith(END):
                return

    def _keep(self, now: float, frame: bytes) -> None:
        lines = [line for line in frame.splitlines() if line.startswith((b"id: ", b"data: "))]
        number = next((int(line[4:]) for line in lines if line.startswith(b"id: ")), None)
        if number is not None:
            self.doubled += number in self.frames
            self.frames[number] = (now, b"\n".join(lines))


@asynccontextmanager
async def opened(
    count: int, make: Callable[[], Stream], *, at_once: int = 25
) -> AsyncIterator[list[Stream]]:
    """Keep so many streams open."""
    streams: list[Stream] = []
    try:
        while len(streams) < count:
            few = [make().open() for _ in range(min(at_once, count - len(streams)))]
            streams += await asyncio.gather(*few)
        yield streams
    finally:
        for stream in streams:
            await stream.close()


async def until(true: Callable[[], bool], seconds: float = SECONDS) -> bool:
    """Wait until something is true; say whether it became so in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        await asyncio.sleep(0.02)
    return true()
