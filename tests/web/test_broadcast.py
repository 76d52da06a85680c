"""The broadcast by itself: what is remembered, and who is let go."""

import asyncio

from starlette.responses import Response

from app.web.live import (
    FOR_A_PERSON,
    FOR_A_PROGRAM,
    REMEMBERED,
    STALE,
    Broadcast,
    Frame,
    LiveStream,
    Seat,
)
from tests.apart import apart


def frame(number, channel="spring"):
    return Frame(channel, number, f"id: {number}\ndata: x\n\n".encode())


class Reader:
    """An ASGI connection that keeps what is written to it; it may be slow to take a message."""

    def __init__(self, slow_at=None):
        self.got, self.slow_at, self.free = [], slow_at, asyncio.Event()

    async def send(self, message):
        if len(self.got) == self.slow_at:
            await self.free.wait()
        self.got.append(message.get("body", b""))

    async def receive(self):
        await asyncio.Event().wait()


async def opened(broadcast, reader, seen=0):
    stream = LiveStream(broadcast, "spring", seen)
    task = asyncio.create_task(stream({}, reader.receive, reader.send))
    await asyncio.sleep(0.01)
    return stream, task


def test_a_change_during_the_first_write_is_not_lost():
    async def scene():
        broadcast, reader = Broadcast(lambda seen: (seen, [])), Reader(slow_at=1)
        stream, task = await opened(broadcast, reader)
        broadcast._remember(frame(1))
        broadcast._push(frame(1).payload, "spring")
        reader.free.set()
        await asyncio.sleep(0.01)
        told, let_go = b"".join(reader.got), stream.left.is_set()
        broadcast.end()
        await task
        return told, let_go

    told, let_go = apart(scene)
    # Either the page has the frame, or it was let go and comes back for it.
    assert frame(1).payload in told or let_go


def test_a_reader_that_stalls_is_let_go_and_the_others_get_everything():
    async def scene():
        broadcast, slow, quick = Broadcast(lambda seen: (seen, [])), Reader(slow_at=2), Reader()
        stalled, one = await opened(broadcast, slow)
        _, other = await opened(broadcast, quick)
        for number in (1, 2, 3):
            broadcast._push(frame(number).payload, "spring")
        await asyncio.wait_for(asyncio.sleep(0.01), 1)
        assert stalled.left.is_set()
        slow.free.set()
        broadcast.end()
        await asyncio.gather(one, other)
        return quick.got, broadcast.streams

    got, left = apart(scene)
    assert got[2:5] == [frame(number).payload for number in (1, 2, 3)]
    assert left == set()


def test_a_program_is_refused_one_stream_too_many_and_gets_it_once_another_ends():
    broadcast = Broadcast(lambda seen: (seen, []))
    seat = Seat("program 1", FOR_A_PROGRAM, refusal=Response)
    taken = [broadcast.take(seat) for _ in range(FOR_A_PROGRAM + 1)]
    assert (FOR_A_PERSON, FOR_A_PROGRAM) == (6, 250)
    assert taken == [True] * FOR_A_PROGRAM + [False]
    assert broadcast.take(Seat("program 2", FOR_A_PROGRAM, refusal=Response))
    broadcast.give_back(seat)
    assert broadcast.take(seat)


def test_frames_of_another_sprint_are_not_sent():
    async def scene():
        broadcast, reader = Broadcast(lambda seen: (seen, [])), Reader()
        _, task = await opened(broadcast, reader)
        broadcast._push(frame(1, "autumn").payload, "autumn")
        broadcast.end()
        await task
        return reader.got

    assert frame(1).payload not in apart(scene)


def test_who_was_away_too_long_is_told_to_load_anew():
    broadcast = Broadcast(lambda seen: (seen, []), oldest=10, resting=False)
    assert broadcast.missed("spring", 9) == b"id: 0\n" + STALE
    assert broadcast.missed("spring", 10) == b""
    for number in range(11, 11 + REMEMBERED + 5):
        broadcast._remember(frame(number))
    assert broadcast.missed("spring", 14) == b"id: 0\n" + STALE
    assert broadcast.missed("spring", 15) == b"".join(each.payload for each in broadcast.past)
    assert broadcast.missed("spring", 10 + REMEMBERED + 4) == frame(15 + REMEMBERED).payload
    assert broadcast.missed("autumn", 20) == b""
