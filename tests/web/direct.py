"""A browser whose requests go straight into an application."""

import atexit
from collections.abc import AsyncIterator, Iterable
from functools import cache

import httpx2
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI

BASE = "http://testserver"
OURS = {"sec-fetch-site": "same-origin"}


class Parts(httpx2.AsyncByteStream):
    """A body that comes in parts, for a loop to read."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = parts

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            yield part


class Direct(httpx2.BaseTransport):
    """Hands a whole request over to the application's loop, and takes its whole answer.

    Starlette's own test client goes over to the loop eight times for each request, which takes
    as long as many an answer.
    """

    def __init__(self, app: FastAPI, address: str) -> None:
        where = (address, 50_000)
        self._way = httpx2.ASGITransport(app, raise_app_exceptions=False, client=where)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Ask, and wait for the last byte."""
        return event_loop().call(self._answer, request)

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        if not isinstance(request.stream, httpx2.AsyncByteStream):
            request.stream = Parts(request.stream)
        answer = await self._way.handle_async_request(request)
        assert isinstance(answer.stream, httpx2.AsyncByteStream)
        body = b"".join([part async for part in answer.stream])
        stream = httpx2.ByteStream(body)
        return httpx2.Response(answer.status_code, headers=answer.headers, stream=stream)


def browser(app: FastAPI, at: str = BASE, address: str = "testclient") -> httpx2.Client:
    """A browser without cookies that shows its own pages' requests as such."""
    return httpx2.Client(transport=Direct(app, address), base_url=at, headers=OURS)


@cache
def event_loop() -> BlockingPortal:
    """Start the loop in which all applications answer."""
    way = start_blocking_portal()
    loop = way.__enter__()
    atexit.register(way.__exit__, None, None, None)
    return loop
