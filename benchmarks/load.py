"""A closed loop of keep-alive connections in a process of its own.

Run as `python -m benchmarks.load`; reads what to ask from standard input, prints what came.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from statistics import median, quantiles
from typing import Any

import uvloop

from benchmarks.processes import run

Load = dict[str, Any]


def load(port: int, requests: list[str], **how: Any) -> Load:
    """Send whole requests (round and round for `seconds`, else each once) and say what came.

    Returns rate per second, p50 and p99 in ms, the statuses counted, and one answer's body size.
    """
    found: Load = run("benchmarks.load", given={"port": port, "requests": requests} | how)
    return found


def request(method: str, path: str, **headers: str) -> str:
    """Write a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""])


class Loop:
    """What all connections share: the requests that are left, and what came of those sent."""

    def __init__(self, requests: list[str], seconds: float | None) -> None:
        self.until = time.perf_counter() + seconds if seconds else None
        self.requests = self._endless(requests) if seconds else iter(requests)
        self.took: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.size = 0
        self.head = ""

    def _endless(self, requests: list[str]) -> Iterator[str]:
        while self.until and time.perf_counter() < self.until:
            yield from requests

    async def connection(self, port: int) -> None:
        """Send one request after another."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        for each in self.requests:
            begin = time.perf_counter()
            writer.write(each.encode())
            head = await reader.readuntil(b"\r\n\r\n")
            self.size = await _body(reader, head.lower())
            self.took.append(time.perf_counter() - begin)
            self.statuses[head[9:12].decode()] += 1
            self.head = head.decode()
        writer.close()


async def _body(reader: asyncio.StreamReader, head: bytes) -> int:
    _, found, rest = head.partition(b"content-length:")
    size = int(rest.split(b"\r\n", 1)[0]) if found else 0
    if size:
        await reader.readexactly(size)
    return size


async def main(asked: dict[str, Any]) -> Load:
    """Run the loop and sum it up."""
    loop = Loop(asked["requests"], asked.get("seconds"))
    begin = time.perf_counter()
    crowd = [loop.connection(asked["port"]) for _ in range(asked.get("connections", 16))]
    await asyncio.gather(*crowd)
    seconds = time.perf_counter() - begin
    late = quantiles(loop.took, n=100)[98] if len(loop.took) > 1 else loop.took[0]
    return {
        "rate": len(loop.took) / seconds,
        "p50_ms": median(loop.took) * 1000,
        "p99_ms": late * 1000,
        "statuses": loop.statuses,
        "size": loop.size,
        "head": loop.head,
    }


if __name__ == "__main__":
    print(json.dumps(uvloop.run(main(json.load(sys.stdin)))))
