"""Claims by many, over two server processes on one database, with answers that get lost."""

import asyncio
import itertools
import random
import time
from collections import Counter
from typing import NamedTuple

import pytest
from sqlmodel import Session, col, select

from app.db.models import Activity
from tests.apart import apart
from tests.faults.dropping import dropping
from tests.faults.histories import NEVER, Op, linearizable
from tests.faults.talk import Client, Lost, Told, leaving
from tests.sizes import size

CONTESTED, HISTORIES, REPEATED = size(15, 500), size(25, 500), size(6, 50)
PEOPLE, TURNS, AT_ONCE = 5, 3, 4
EVERY = 5
"""Of the answers that pass the proxy, each so many-th is lost."""


class Try(NamedTuple):
    """A claim, when it was asked for and answered, and by whom."""

    who: str
    start: float
    end: float
    told: Told


def clients(arena, urls):
    """A client for every program, in turns at these servers."""
    names = arena.world.tokens
    return {
        name: Client(url, arena.world.headers(name))
        for name, url in zip(names, itertools.cycle(urls))
    }


async def claim(client, arena, bug, **headers):
    """Claim; who is told that the database is busy asks again, as the answer says."""
    path, wish = f"/api/v1/bugs/{bug}/claim", {"team_id": arena.world.team}
    for _ in range(20):
        told = await client.ask("POST", path, wish, **headers)
        if told.status != 503:
            return told
        assert "retry-after" in told.headers
        await asyncio.sleep(1)
    raise AssertionError("The database stayed busy.")


def claimed_notes(arena):
    with Session(arena.engine) as db:
        found = select(Activity.bug_id, Activity.actor).where(col(Activity.verb) == "claimed")
        return [tuple(row) for row in db.exec(found.order_by(col(Activity.id)))]


def test_of_twenty_who_claim_at_once_one_wins_and_everybody_is_told_who(arena):
    bugs = arena.take(CONTESTED)
    races = apart(lambda: _races(arena, bugs))
    codes = Counter(each.told.status for race in races.values() for each in race)
    winners = {b: [e.who for e in race if e.told.status == 200] for b, race in races.items()}
    print(f"{codes.total()} claims of {len(bugs)} bugs at two servers: {dict(codes)}")
    assert codes == {200: len(bugs), 409: len(bugs) * (len(arena.world.tokens) - 1)}
    assert [bug for bug, won in winners.items() if len(won) != 1] == []
    _assert_losers_know(races, winners)
    noted = [note for note in claimed_notes(arena) if note[0] in winners]
    assert sorted(noted) == sorted((bug, won[0]) for bug, won in winners.items())
    for shown in apart(lambda: _boards(arena)):
        assert {bug: [shown[bug]] for bug in bugs} == winners
    # Most losers had asked before the winner was answered: they met.
    met = sum(_met(race) for race in races.values())
    assert met >= len(bugs) * 0.8


async def _races(arena, bugs):
    everybody = clients(arena, [server.url for server in arena.servers])

    async def one(name, bug):
        start = time.perf_counter()
        told = await claim(everybody[name], arena, bug)
        return Try(name, start, time.perf_counter(), told)

    async with leaving(everybody.values()):
        return {bug: await asyncio.gather(*(one(name, bug) for name in everybody)) for bug in bugs}


def _assert_losers_know(races, winners):
    for bug, race in races.items():
        for each in race:
            if each.told.status == 409:
                assert f"was claimed by {winners[bug][0]} " in each.told.json["title"]


def _met(race):
    won = next(each for each in race if each.told.status == 200)
    return any(each.start < won.end and each.end > won.start for each in race if each is not won)


async def _boards(arena):
    """What the boards of both servers say: bug to owner."""
    shown = []
    two = [Client(server.url, arena.world.headers("program p0")) for server in arena.servers]
    async with leaving(two):
        for client in two:
            owners, after = {}, ""
            while after is not None:
                page = (await client.ask("GET", f"/api/v1/board?limit=500&after={after}")).json
                owners |= {row["id"]: row["owner"] for row in page["items"]}
                after = page["next"]
            shown.append(owners)
    return shown


def test_what_everybody_saw_of_a_bug_fits_one_order_of_events(arena):
    bugs = arena.take(HISTORIES)
    histories, dropped = apart(lambda: _histories(arena, bugs))
    ops = [op for history in histories.values() for op in history]
    heard = Counter((op.verb, _word(op.heard)) for op in ops)
    wrong = [bug for bug, history in histories.items() if not linearizable(history)]
    print(f"{len(histories)} histories, {len(ops)} operations, {dropped} answers lost: {heard}")
    assert wrong == []
    assert len(ops) == len(bugs) * PEOPLE * TURNS
    assert sum(op.heard is None for op in ops) >= dropped >= len(bugs) * 0.5
    for seen in (("claim", True), ("claim", False), ("release", True), ("release", False)):
        assert heard[seen] >= len(bugs) * 0.1, seen


def _word(heard):
    return "a state" if isinstance(heard, tuple) else heard


async def _histories(arena, bugs):
    dice, limit = random.Random(11), asyncio.Semaphore(AT_ONCE)
    straight = [server.url for server in arena.servers]
    due = lambda number: number % EVERY == 0  # noqa: E731
    async with dropping(straight[0], due) as one, dropping(straight[1], due) as two:
        urls = [straight[0], one.url, straight[1], two.url]

        async def history(bug):
            async with limit:
                people = dict(dice.sample(sorted(clients(arena, urls).items()), PEOPLE))
                async with leaving(people.values()):
                    acts = [_person(arena, bug, who, each, dice) for who, each in people.items()]
                    return list(itertools.chain(*await asyncio.gather(*acts)))

        histories = dict(zip(bugs, await asyncio.gather(*map(history, bugs)), strict=True))
        return histories, one.dropped + two.dropped


async def _person(arena, bug, who, client, dice):
    ops = []
    for _ in range(TURNS):
        verb = dice.choice(["claim", "claim", "release", "read"])
        start = time.perf_counter()
        try:
            heard, end = await _heard(arena, bug, client, verb), time.perf_counter()
        except Lost:
            heard, end = None, NEVER
        ops.append(Op(start, end, verb, who, heard))
    return ops


async def _heard(arena, bug, client, verb):
    if verb == "read":
        row = (await client.ask("GET", f"/api/v1/bugs/{bug}")).json["row"]
        return (row["owner"], row["version"])
    if verb == "claim":
        told = await claim(client, arena, bug)
    else:
        told = await client.ask("POST", f"/api/v1/bugs/{bug}/release")
    if told.status == 503:
        return None
    assert told.status in {200, 409}, told
    return told.status == 200


def test_a_claim_whose_answer_was_lost_is_repeated_at_another_server_and_done_once(arena):
    bugs = arena.take(REPEATED)
    answers, dropped = apart(lambda: _repeats(arena, bugs))
    noted = Counter(bug for bug, _ in claimed_notes(arena))
    assert dropped == 2 * len(bugs)
    for bug, (without_key, replays) in answers.items():
        # With a key both servers say the same; without one, we are told that we have it already.
        assert without_key.status == 409
        assert [each.status for each in replays] == [200, 200]
        assert replays[0].body == replays[1].body
        assert {each.headers["idempotency-replayed"] for each in replays} == {"true"}
        assert replays[0].json["owner"] == "program p0"
        assert noted[bug] == 1


async def _repeats(arena, bugs):
    answers, (one, two) = {}, [server.url for server in arena.servers]
    who = arena.world.headers("program p0")
    async with dropping(one, lambda _number: True) as proxy:
        lossy, *good = [Client(url, who) for url in (proxy.url, two, one)]
        async with leaving(good):
            for bug in bugs:
                key = {"idempotency_key": f"claim-{bug}"}
                for _ in range(2):
                    with pytest.raises(Lost):
                        await claim(lossy, arena, bug, **key)
                replays = [await claim(client, arena, bug, **key) for client in good]
                answers[bug] = (await claim(good[0], arena, bug), replays)
    return answers, proxy.dropped
