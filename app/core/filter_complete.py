"""What may come next while a filter is being written."""

from dataclasses import dataclass

from app.core.filter_fields import FIELDS, MEASURED, SORT, Kind, fold
from app.core.filter_scan import Token, scan, written
from app.core.filter_terms import Vocabulary
from app.core.filters import names_of

MOST = 12


@dataclass(frozen=True, slots=True)
class Option:
    """A way to go on: what is put in, and what it means."""

    text: str
    says: str


@dataclass(frozen=True, slots=True)
class Completion:
    """Options for the text between two places."""

    start: int
    end: int
    options: tuple[Option, ...]


def complete(text: str, at: int, known: Vocabulary) -> Completion:
    """Return how the term at a place in a text may go on."""
    at = max(0, min(at, len(text)))
    token = next((each for each in scan(text) if each.start < at <= each.end), None)
    if token is None:
        return Completion(at, at, _fields("", "", known))
    before = text[token.start : at]
    minus = "-" if token.no else ""
    if not token.head:
        return Completion(token.start, token.end, _fields(minus, before[len(minus) :], known))
    name = token.head.lower()
    begun = _begun(token, before)
    fitting = [
        Option(f"{minus}{name}:{begun.kept}{written(value)}", says)
        for value, says in _values(name, known)
        if begun.last in fold(value)
    ]
    fitting.sort(key=lambda option: not fold(option.text).startswith(fold(before)))
    return Completion(token.start, token.end, tuple(fitting[:MOST]))


@dataclass(frozen=True, slots=True)
class _Begun:
    kept: str
    last: str


def _begun(token: Token, before: str) -> _Begun:
    value = before[len("-" if token.no else "") + len(token.head) + len(token.op) :]
    kept, comma, last = value.rpartition(",")
    return _Begun(kept + comma, fold(last.strip('"')))


def _fields(minus: str, begun: str, known: Vocabulary) -> tuple[Option, ...]:
    names = [name for name in FIELDS if name in known.fields]
    fields = [Option(f"{minus}{name}:", FIELDS[name].says) for name in names]
    fields.append(Option(f"{minus}{SORT}:", "in which order"))
    return tuple(each for each in fields if each.text.startswith(f"{minus}{begun.lower()}"))


def _values(name: str, known: Vocabulary) -> list[tuple[str, str]]:
    if name == SORT:
        return [(field, FIELDS[field].says) for field in MEASURED if field in known.fields]
    if name not in known.fields:
        return []
    if FIELDS[name].kind is not Kind.name:
        return [(word, "") for word in FIELDS[name].words]
    names: dict[str, None] = dict.fromkeys(names_of(name, known).values())
    return [(value, "") for value in sorted(names, key=lambda value: (value == "none", value))]
