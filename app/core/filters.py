"""The filter language: text to terms and back; whatever the text, never a failure.

`sort:score` begins with the smallest score; `-sort:score` and `sort:-score` with the largest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from app.core.filter_amounts import Unreadable, amount_text, parts_of
from app.core.filter_fields import FIELDS, MEASURED, SORT, Kind, fold
from app.core.filter_scan import Token, scan, written, written_text
from app.core.filter_terms import (
    Choice,
    Measure,
    Problem,
    Query,
    Sort,
    Span,
    Term,
    Text,
    Vocabulary,
)

MOST_TERMS, MOST_WORDS, MOST_VALUES = 20, 8, 40
NONE = "none"


class _Wrong(Exception):
    """Why a term says nothing, and what may have been meant instead of it."""

    def __init__(self, said: str, instead: str | None = None, *, word: str = "") -> None:
        super().__init__(said)
        self.said, self.instead, self.word = said, instead, word


def mentioned(text: str) -> frozenset[str]:
    """Return the fields with names that a text asks for, so that their names can be read."""
    heads = {token.head.lower() for token in scan(text)}
    return frozenset(name for name in heads if name in FIELDS and FIELDS[name].kind is Kind.name)


def parse(text: str, known: Vocabulary) -> Query:
    """Return what a text asks for, and what in it could not be understood."""
    terms: dict[Term, None] = {}
    sorts: list[Sort] = []
    problems: list[Problem] = []
    for token in scan(text):
        try:
            said = _said(token, known)
            if isinstance(said, Sort):
                _only_once(sorts)
                sorts.append(said)
            elif said is not None:
                _room_for(said, terms)
                terms.setdefault(said)
        except _Wrong as wrong:
            problems.append(_problem(text, token, wrong))
    return Query(tuple(terms), sorts[0] if sorts else None, tuple(problems))


def written_query(query: Query) -> str:
    """Return the one way to write a query."""
    return " ".join([*map(written_term, query.terms), *_sorting(query)])


def without(query: Query, gone: Term | Sort) -> Query:
    """Return a query less one of its terms."""
    if isinstance(gone, Sort):
        return replace(query, sort=None)
    return replace(query, terms=tuple(term for term in query.terms if term != gone))


def single(query: Query, field: str) -> str:
    """Return the only value that a query wants of a field; "" when it wants none or several."""
    found = [t for t in query.terms if isinstance(t, Choice) and t.field == field]
    plain = len(found) == 1 and not found[0].no and len(found[0].values) == 1
    return found[0].values[0] if plain else ""


def picked(query: Query, picks: Mapping[str, str]) -> str:
    """Return the text of a query in which some fields have another value; "" is any."""
    kept = [t for t in query.terms if not (isinstance(t, Choice) and t.field in picks)]
    wanted = [f"{field}:{written(value)}" for field, value in picks.items() if value]
    texts = [*map(written_term, kept), *wanted, *_sorting(query)]
    return " ".join(texts)


def written_term(term: Term) -> str:
    """Return the one way to write a term."""
    minus = "-" if term.no else ""
    if isinstance(term, Text):
        return minus + written_text(term.words)
    if isinstance(term, Choice):
        return f"{minus}{term.field}:{','.join(map(written, term.values))}"
    values = (
        amount_text(part.low)
        if part.low == part.high
        else f"{amount_text(part.low)}..{amount_text(part.high)}"
        for part in term.parts
    )
    return f"{minus}{term.field}{term.op}{','.join(values)}"


def written_sort(sort: Sort) -> str:
    """Return the one way to write an order."""
    return f"{'-' if sort.falling else ''}{SORT}:{sort.field}"


def _sorting(query: Query) -> list[str]:
    return [written_sort(query.sort)] if query.sort else []


def _said(token: Token, known: Vocabulary) -> Term | Sort | None:
    at = (token.start, token.end)
    if not token.head:
        words = token.pieces[0].text
        return Text(words, token.no, at) if words.strip() else None
    name = token.head.lower()
    if name == SORT:
        return _sort(token, known)
    if name not in known.fields:
        raise _unknown_field(token, known)
    if not token.pieces:
        raise _Wrong(f"“{name}” needs a value: {FIELDS[name].says}.", "")
    if len(token.pieces) > MOST_VALUES:
        raise _Wrong(f"“{name}” takes up to {MOST_VALUES} values.", "")
    if FIELDS[name].kind is Kind.name:
        return _choice(token, name, known, at)
    return _measure(token, name, at)


def _choice(token: Token, name: str, known: Vocabulary, at: Span) -> Choice:
    if token.op != ":":
        fixed = _rewritten(token, name, ":", [piece.text for piece in token.pieces])
        raise _Wrong(f"“{name}” takes a name after a colon, as in {name}:…", fixed)
    names = names_of(name, known)
    values: dict[str, None] = {}
    for number, piece in enumerate(token.pieces):
        spoken = piece.text.strip()
        if (name, fold(spoken)) in known.absent:
            raise _Wrong(known.absent[name, fold(spoken)], "", word=spoken)
        found = names.get(spoken) or names.get(fold(spoken))
        if found is None:
            raise _unknown_value(token, name, names, number)
        values.setdefault(found)
    return Choice(name, tuple(values), token.no, at)


def names_of(field: str, known: Vocabulary) -> dict[str, str]:
    """Return every name a field may have, canonical by spoken one; its own words go first."""
    own = [*FIELDS[field].words, *([NONE] if FIELDS[field].none else [])]
    own = [word for word in own if (field, word) not in known.absent]
    open_ones = known.names.get(field, {})
    exact = {name: name for name in open_ones.values()}
    loose = {fold(spoken): name for spoken, name in reversed(list(open_ones.items()))}
    return loose | exact | {fold(word): word for word in own} | {word: word for word in own}


def _measure(token: Token, name: str, at: Span) -> Measure:
    try:
        parts = parts_of(name, token.op, [(p.text.strip(), p.quoted) for p in token.pieces])
    except Unreadable as wrong:
        turned = wrong.instead and f"{_minus(token)}{name}{token.op}{wrong.instead}"
        raise _Wrong(str(wrong), turned or "", word=wrong.word) from None
    return Measure(name, token.op, parts, token.no, at)


def _sort(token: Token, known: Vocabulary) -> Sort:
    fields = [name for name in MEASURED if name in known.fields]
    spoken = token.pieces[0].text.strip().lower() if token.pieces else ""
    falling, field = token.no != spoken.startswith("-"), spoken.removeprefix("-")
    if token.op != ":" or len(token.pieces) != 1 or field not in fields:
        near = nearest(field, fields)
        choice = f"A list is ordered by one of {', '.join(fields)}."
        instead = f"{'-' if falling else ''}{SORT}:{near}" if near else ""
        raise _Wrong(choice, instead, word=spoken)
    return Sort(field, falling, (token.start, token.end))


def _unknown_field(token: Token, known: Vocabulary) -> _Wrong:
    near = nearest(token.head.lower(), sorted([*known.fields, SORT]))
    values = [piece.text for piece in token.pieces]
    raw = f"{token.head}{token.op}{','.join(values)}"
    instead = _rewritten(token, near, token.op, values) if near else ""
    instead = instead or _minus(token) + written_text(raw)
    return _Wrong(f"There is no field “{token.head}”.", instead, word=token.head)


def _unknown_value(token: Token, field: str, names: Mapping[str, str], number: int) -> _Wrong:
    spoken = token.pieces[number].text.strip()
    near = nearest(fold(spoken), list(names))
    values = [piece.text for piece in token.pieces]
    if near is None:
        del values[number]
    else:
        values[number] = names[near]
    instead = _rewritten(token, field, ":", values) if values else ""
    said = f"There is no {field} “{spoken}”"
    some = list(dict.fromkeys(names.values()))
    few = f"; known: {', '.join(some)}" if 0 < len(some) <= 12 else ""
    return _Wrong(f"{said}{few}.", instead, word=spoken)


def nearest(word: str, known: Sequence[str]) -> str | None:
    """Return the known word that was most likely meant."""
    begun = [each for each in known if word and each.startswith(word)]
    close = begun or get_close_matches(word, known[:2_000], n=1, cutoff=0.5)
    return min(begun, key=len) if begun else next(iter(close), None)


def _rewritten(token: Token, field: str, op: str, values: Sequence[str]) -> str:
    return f"{_minus(token)}{field}{op}{','.join(map(written, values))}"


def _minus(token: Token) -> str:
    return "-" if token.no else ""


def _only_once(sorts: Sequence[Sort]) -> None:
    if sorts:
        raise _Wrong(f"The list is ordered by {sorts[0].field} already.", "")


def _room_for(term: Term, terms: Mapping[Term, None]) -> None:
    if len(terms) >= MOST_TERMS and term not in terms:
        raise _Wrong(f"A filter has up to {MOST_TERMS} terms.", "")
    words = sum(isinstance(each, Text) for each in terms)
    if isinstance(term, Text) and words >= MOST_WORDS and term not in terms:
        raise _Wrong(f"A filter looks for up to {MOST_WORDS} words.", "")


def _problem(text: str, token: Token, wrong: _Wrong) -> Problem:
    word = wrong.word or text[token.start : token.end]
    parts = (text[: token.start].strip(), wrong.instead, text[token.end :].strip())
    mended = " ".join(part for part in parts if part)
    return Problem(token.start, token.end, word, wrong.said, wrong.instead or None, mended)
