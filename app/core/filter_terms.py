"""What a filter says, term by term, and what in it could not be understood."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as of
from datetime import date, timedelta

Amount = float | timedelta | date | None
"""A number, a length of time in whole days, a day, or that there is none."""
Span = tuple[int, int]
_NOWHERE: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Text:
    """These characters stand in the title, the key or, for some readers, a ticket."""

    words: str
    no: bool = False
    at: Span = of(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """The field has one of these values; `none` means that it has no value."""

    field: str
    values: tuple[str, ...]
    no: bool = False
    at: Span = of(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Between:
    """From low to high, both included; equal ends are one amount."""

    low: Amount
    high: Amount


@dataclass(frozen=True, slots=True)
class Measure:
    """The field is one of these (`:`), or beyond the only one."""

    field: str
    op: str
    parts: tuple[Between, ...]
    no: bool = False
    at: Span = of(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Sort:
    """By which field the list is ordered, the smallest first unless it falls."""

    field: str = "rank"
    falling: bool = False
    at: Span = of(default=_NOWHERE, compare=False)


Term = Text | Choice | Measure


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of the text that says nothing: why, and the whole text with this part mended."""

    start: int
    end: int
    word: str
    said: str
    instead: str | None
    mended: str


@dataclass(frozen=True, slots=True)
class Query:
    """A filter: its terms hold together, problems are left out of it."""

    terms: tuple[Term, ...] = ()
    sort: Sort | None = None
    problems: tuple[Problem, ...] = of(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Which fields a reader may use, and which names there are: canonical name by spoken one.

    `absent` says of single values in a sentence why nothing can have them.
    """

    fields: frozenset[str]
    names: Mapping[str, Mapping[str, str]]
    absent: Mapping[tuple[str, str], str] = of(default_factory=dict)
