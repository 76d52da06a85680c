"""Seeded chance: each part of a world draws from its own stream, so parts can grow apart."""

from random import Random


def stream(seed: int, name: str) -> Random:
    """A generator that depends only on the world's seed and the part's name."""
    return Random(f"{seed}:{name}")  # noqa: S311 (made-up data, not secrets)


def some(chance: Random, share: float) -> bool:
    """True in `share` of all draws."""
    return chance.random() < share
