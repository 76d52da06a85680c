"""Whether what several people saw of one bug fits one order of events (Wing and Gong's search).

A bug is its owner and its version.  A claim needs a bug without an owner, a release one with an
owner; each adds one to the version.  An answer that never came may have been to something done or
to something not done, at any time after it was asked for; both are tried.
"""

import math
from typing import NamedTuple

State = tuple[str | None, int]
FRESH: State = (None, 1)
NEVER = math.inf


class Op(NamedTuple):
    """What somebody asked for, when, and what they heard; None: nobody knows."""

    start: float
    end: float
    verb: str
    who: str
    heard: bool | State | None


def linearizable(history: list[Op], fresh: State = FRESH) -> bool:
    """Say whether there is an order in which every answer is right and none overtakes another."""
    ops = sorted(history, key=lambda op: (op.start, op.end))
    everything = (1 << len(ops)) - 1
    seen, open_ = {(0, fresh)}, [(0, fresh)]
    while open_:
        done, state = open_.pop()
        if done == everything:
            return True
        for number in _next(ops, done):
            for new in _after(state, ops[number]):
                step = (done | 1 << number, new)
                if step not in seen:
                    seen.add(step)
                    open_.append(step)
    return False


def _next(ops: list[Op], done: int) -> list[int]:
    """The operations that no other one, still to come, had ended before."""
    left = [number for number in range(len(ops)) if not done >> number & 1]
    horizon = min(ops[number].end for number in left)
    return [number for number in left if ops[number].start <= horizon]


def _after(state: State, op: Op) -> list[State]:
    """The states that an operation may leave; none when its answer contradicts the state."""
    owner, version = state
    if op.verb == "read":
        return [state] if op.heard in (None, state) else []
    possible = (owner is None) if op.verb == "claim" else (owner is not None)
    moved: State = (op.who if op.verb == "claim" else None, version + 1)
    if op.heard is None:
        return [state, moved] if possible else [state]
    if op.heard != possible:
        return []
    return [moved if possible else state]
