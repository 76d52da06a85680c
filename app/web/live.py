"""The live stream: each change is rendered and encoded once, and goes to every open page.

While nobody watches nothing is looked for.  A stream registers its ASGI `send` with the broadcast;
nothing of a request's database session stays open.  A reader that stalls is dropped: its browser
comes back with Last-Event-ID.  Whoever may come in no longer is let go with the next look at
everybody's badges.
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import anyio.to_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

HEARTBEAT_SECONDS = 15.0
BEAT_SECONDS = 0.15
REMEMBERED = 500
FOR_A_PERSON, FOR_A_PROGRAM = 6, 250
"""How many streams one may have open; a program may pass them on to many."""
START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-cache"),
        (b"x-accel-buffering", b"no"),
    ],
}
STALE = b"event: stale\ndata: reload\n\n"
CHANGED = b"event: changed\ndata: look\n\n"
WALL = "tv "
"""How the channel of a sprint's wallboards begins: these hear that something changed, no more."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One change as every page gets it; `after` is the newest note it shows."""

    channel: str
    after: int
    payload: bytes


def encoded(note_id: int, html: str) -> bytes:
    """Encode a fragment as one server-sent event without a name, which htmx swaps in."""
    lines = "".join(f"data: {line}\n" for line in html.splitlines() if line.strip())
    return f"id: {note_id}\n{lines}\n".encode()


def stale(latest: int) -> bytes:
    """Encode that too much was missed; a page that has read anew goes on from `latest`."""
    return f"id: {latest}\n".encode() + STALE


Render = Callable[[int], tuple[int, list[Frame]]]
Badges = Callable[[], frozenset[str] | None]
"""Every badge that is good now; None: they cannot be read at the moment."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Whose stream it is, how many they may have open, and what they hear beyond that.

    `badge` is what they came in with; without one anybody may listen, as in the demo.
    """

    who: str
    most: int
    refusal: Callable[[], Response]
    badge: str | None = None


@dataclass
class Broadcast:
    """Every open stream of this process, and the frames they may have missed.

    While it rests, whoever comes says from which note on changes are looked for.
    """

    render: Render
    latest: int = 0
    oldest: int = 0
    resting: bool = True
    streams: set["LiveStream"] = field(default_factory=set)
    taken: Counter[str] = field(default_factory=Counter)
    past: deque[Frame] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    loop: asyncio.AbstractEventLoop | None = None
    badges: Badges | None = None
    edition: str = ""

    async def run(self) -> None:
        """Look for changes until the end; one small read per beat, however many watch."""
        self.loop = asyncio.get_running_loop()
        quiet, checked = 0.0, time.monotonic()
        while not self.ended.is_set():
            if time.monotonic() - checked >= HEARTBEAT_SECONDS:
                checked = time.monotonic()
                await self.let_strangers_go()
            self.resting = not self.streams
            quiet = 0.0 if self.resting or await self._told() else quiet + BEAT_SECONDS
            if quiet >= HEARTBEAT_SECONDS:
                self._push(b": still here\n\n", None)
                quiet = 0.0
            await self._pause()

    async def _told(self) -> bool:
        """Tell everybody what changed since the last look; says whether anything did."""
        self.latest, frames = await self._look()
        for frame in frames:
            self._remember(frame)
            self._push(frame.payload, frame.channel)
        return bool(frames)

    async def _look(self) -> tuple[int, list[Frame]]:
        return await anyio.to_thread.run_sync(self.render, self.latest)

    async def let_strangers_go(self) -> None:
        """End the streams of those who may not come in any more: one read, however many watch."""
        worn = {s: s.seat.badge for s in self.streams if s.seat and s.seat.badge}
        if not worn or self.badges is None:
            return
        good = await anyio.to_thread.run_sync(self.badges)
        for stream, badge in worn.items():
            if good is not None and badge not in good and stream in self.streams:
                # Their page asks anew, and is sent to the door.
                stream.push({"type": "http.response.body", "body": STALE, "more_body": True})
                stream.left.set()

    async def _pause(self) -> None:
        try:
            await asyncio.wait_for(self.ended.wait(), BEAT_SECONDS)
        except TimeoutError:
            return

    def end_soon(self) -> None:
        """End from a signal handler, which may not touch the event loop itself."""
        if self.loop is not None:
            self.loop.call_soon_threadsafe(self.end)

    def end(self) -> None:
        """Let every stream go, so that the server can stop."""
        self.ended.set()
        for stream in list(self.streams):
            stream.left.set()

    def take(self, seat: Seat | None) -> bool:
        """Give somebody one more stream; False when they have as many as they may."""
        if seat is not None:
            if self.taken[seat.who] >= seat.most:
                return False
            self.taken[seat.who] += 1
        return True

    def give_back(self, seat: Seat | None) -> None:
        """Count a stream no more."""
        if seat is not None:
            self.taken[seat.who] -= 1
            if not self.taken[seat.who]:
                del self.taken[seat.who]

    def greeting(self) -> bytes:
        """Return what a stream begins with: a page of another edition offers to reload."""
        named = f"event: edition\ndata: {self.edition}\n\n" if self.edition else ""
        return f"retry: 1000\n\n{named}".encode()

    def missed(self, channel: str, seen: int) -> bytes:
        """Return what a page that has seen note `seen` has to catch up with."""
        if self.resting and not self.oldest <= seen <= self.latest:
            self.latest = self.oldest = seen
            self.past.clear()
        self.resting = False
        if seen < self.oldest:
            return stale(self.latest)
        return b"".join(
            frame.payload for frame in self.past if frame.channel == channel and frame.after > seen
        )

    def _remember(self, frame: Frame) -> None:
        if frame.channel.startswith(WALL):
            return  # a wallboard that comes back reads everything anyway
        if len(self.past) == REMEMBERED:
            self.oldest = self.past[0].after
        self.past.append(frame)

    def _push(self, payload: bytes, channel: str | None) -> None:
        message = {"type": "http.response.body", "body": payload, "more_body": True}
        for stream in list(self.streams):
            if channel is None or stream.channel == channel:
                stream.push(message)


class LiveStream(Response):
    """One open page.  `seen` is the newest note it shows."""

    def __init__(
        self, broadcast: Broadcast, channel: str, seen: int, seat: Seat | None = None
    ) -> None:
        super().__init__()
        self.seat = seat
        self.broadcast = broadcast
        self.channel = channel
        self.seen = seen
        self.left = asyncio.Event()
        self._send: Send | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the stream until its reader leaves or the server stops."""
        # Counted here, on the event loop: between looking and taking nobody else comes.
        if self.seat is not None and not self.broadcast.take(self.seat):
            await self.seat.refusal()(scope, receive, send)
            return
        try:
            still_there = await self._serve(receive, send)
        finally:
            self.broadcast.give_back(self.seat)
        if still_there:
            # Who reads nothing is waited for until the server stops, and then no longer.
            with suppress(asyncio.CancelledError):
                await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _serve(self, receive: Receive, send: Send) -> bool:
        await send(START)
        first = self.broadcast.greeting() + self.broadcast.missed(self.channel, self.seen)
        # Registered before the first write: what changes while it drains must not be missed.
        self._send = send
        self.broadcast.streams.add(self)
        gone = asyncio.ensure_future(_disconnected(receive))
        try:
            await send({"type": "http.response.body", "body": first, "more_body": True})
            ended = asyncio.ensure_future(self.left.wait())
            await asyncio.wait({gone, ended}, return_when=asyncio.FIRST_COMPLETED)
            ended.cancel()
        finally:
            self.broadcast.streams.discard(self)
            gone.cancel()
        return not gone.done() or gone.cancelled()

    def push(self, message: dict[str, object]) -> None:
        """Write without waiting; a reader whose buffer is full is let go."""
        assert self._send is not None
        writing = self._send(message)
        try:
            writing.send(None)  # type: ignore[attr-defined]
        except StopIteration:
            return
        except Exception:  # noqa: BLE001 - one broken socket must not stop the others
            self.left.set()
            return
        writing.close()  # type: ignore[attr-defined]
        self.left.set()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
