"""What a benchmark says: a figure, what it was measured against, and whether it is good enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

RATIO_NOISE = 0.10
TIME_NOISE = 0.20
"""How far a figure may miss its goal before the run fails: the machine is never quiet."""


@dataclass(frozen=True)
class Figure:
    """One figure beside its goal; `beside` tells of the floor measured in the same run."""

    what: str
    value: float
    goal: float
    unit: str = "of the floor"
    at_least: bool = True
    beside: str = ""
    noise: float = RATIO_NOISE

    @property
    def met(self) -> bool:
        """Whether the goal is reached."""
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    @property
    def failed(self) -> bool:
        """Whether the goal is missed by more than noise."""
        edge = self.goal * (1 - self.noise if self.at_least else 1 + self.noise)
        return self.value < edge if self.at_least else self.value > edge

    def __str__(self) -> str:
        verdict = "met" if self.met else "MISSED" if self.failed else "missed within noise"
        sign = "≥" if self.at_least else "≤"
        line = f"{self.what}: {shown(self.value)} {self.unit}"
        return f"{line}  (goal {sign} {shown(self.goal)}: {verdict})\n    {self.beside}"


def ratio(what: str, values: Sequence[float], floor: Sequence[float], goal: float, unit: str
          ) -> Figure:  # fmt: skip
    """Compare two series measured in turns by the median of each turn's ratio; more is better.

    A machine that is slow for a while is slow for both of a turn.
    """
    own, least = median(values), median(floor)
    turns = median(a / b for a, b in zip(values, floor, strict=True))
    beside = f"{own:,.0f} beside {least:,.0f} {unit} (medians of {len(values)} turns)"
    return Figure(what, turns, goal, beside=beside)


def at_most(what: str, value: float, goal: float, unit: str, beside: str) -> Figure:
    """Say that an amount must not be more than its goal."""
    return Figure(what, value, goal, unit, at_least=False, beside=beside, noise=TIME_NOISE)


def shown(value: float) -> str:
    """Write a number with two digits when it is small."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
