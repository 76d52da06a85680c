"""What a filter says on a page: its terms as links, what to mend, what leaves everything out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session

from app.core.bands import coarse
from app.core.errors import Invalid
from app.core.filter_complete import complete
from app.core.filter_fields import readable
from app.core.filter_terms import Measure, Problem, Query, Sort, Term, Vocabulary
from app.core.filters import (
    mentioned,
    parse,
    picked,
    single,
    without,
    written_query,
    written_sort,
    written_term,
)
from app.core.permissions import Permission
from app.db.queries.filter_names import names_for
from app.db.queries.filtering import Reader, conditions_of, count_without, meaning
from app.views.places import shown_score
from app.views.rows import first_instant

LONGEST = 500
PICKED = ("state", "team", "lane")
"""Fields that a page offers as lists to choose from."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who filters: what they may read, and who “me” and “mine” are."""

    name: str
    user_id: int | None
    team_id: int | None
    can: frozenset[Permission]


class Chip(BaseModel):
    """One term, and the text without it."""

    text: str
    rest: str


class Part(BaseModel):
    """A piece of the text; `odd` when it means nothing."""

    text: str
    odd: bool


class Mend(BaseModel):
    """What could not be understood, and the text with it mended or left out."""

    word: str
    said: str
    instead: str | None
    mended: str


class Less(BaseModel):
    """How many would match without one of the terms, and how many with it alone."""

    text: str
    rest: str
    matching: int
    alone: int


class OptionLine(BaseModel):
    """A way to go on, and what it means."""

    text: str
    says: str


class Completions(BaseModel):
    """What may stand between two places of a text."""

    start: int
    end: int
    options: list[OptionLine]


class Filter(BaseModel):
    """The filter as it stands: as it was typed, and in the one way to write it."""

    text: str
    written: str
    chips: list[Chip]
    parts: list[Part]
    mends: list[Mend]
    picks: dict[str, str]


def vocabulary(db: Session, sprint_id: int, fields: frozenset[str], who: Asker) -> Vocabulary:
    """Return what this asker may name, with the names of some fields."""
    may = readable(frozenset(permission.value for permission in who.can))
    absent = {("has", "pr"): "No source brings pull requests yet, so nothing has one."}
    if who.team_id is None:
        absent["is", "mine"] = "You belong to no team, so nothing is yours."
    return Vocabulary(may, names_for(db, sprint_id, fields & may), absent)


def understood(db: Session, sprint_id: int, text: str, who: Asker) -> Query:
    """Return what a text asks for; the names that it mentions are read, no others."""
    return parse(text, vocabulary(db, sprint_id, mentioned(text), who))


def refuse_odd(query: Query) -> None:
    """Refuse a text of which a part means nothing."""
    for problem in query.problems:
        near = f" Did you mean {problem.instead}?" if problem.instead else ""
        raise Invalid(f"q: {problem.said}{near}")


def reader(db: Session, query: Query, who: Asker, at: datetime) -> Reader:
    """Return for whom and when a query is answered."""
    scores = any(isinstance(term, Measure) and term.field == "score" for term in query.terms)
    return Reader(
        who.name,
        who.team_id,
        first_instant(at),
        text=Permission.pii_read in who.can,
        coarse=scores and shown_score(db) is coarse,
    )


def conditions(db: Session, sprint_id: int, query: Query, eyes: Reader) -> list[Any]:
    """Return the terms of a query in SQL."""
    return conditions_of(query, meaning(db, sprint_id, eyes)) if query.terms else []


def shown_filter(text: str, query: Query) -> Filter:
    """Show a filter."""
    every: list[Term | Sort] = [*query.terms, *([query.sort] if query.sort else [])]
    return Filter(
        text=text,
        written=written_query(query),
        chips=[Chip(text=_said(each), rest=_rest(text, query, each)) for each in every],
        parts=_parts(text, query.problems),
        mends=[
            Mend(word=p.word, said=p.said, instead=p.instead, mended=p.mended)
            for p in query.problems
        ],
        picks={field: single(query, field) for field in PICKED},
    )


def less(db: Session, sprint_id: int, text: str, query: Query, found: list[Any]) -> list[Less]:
    """Return how many would match without each term, the term that leaves out most first."""
    if not found:
        return []
    counts = count_without(db, sprint_id, found)
    shown = [
        Less(text=written_term(term), rest=_rest(text, query, term), matching=rest, alone=alone)
        for term, (rest, alone) in zip(query.terms, counts, strict=True)
    ]
    return sorted(shown, key=lambda each: (-each.matching, each.alone))


def folded(
    db: Session, sprint_id: int, who: Asker, texts: tuple[str, str | None], picks: Mapping[str, str]
) -> str:
    """Return a text in which what was chosen from lists is said as terms.

    `texts`: as it is, and as it was when the lists were shown; a list that was left alone then
    says nothing.  Without the second every value that is given counts.
    """
    text, before = texts
    fields = mentioned(f"{text} {before or ''}") | frozenset(picks)
    known = vocabulary(db, sprint_id, fields, who)
    query = parse(text, known)
    shown = dict.fromkeys(picks, "")
    if before is not None:
        shown = {field: single(parse(before, known), field) for field in picks}
    chosen = {field: value for field, value in picks.items() if value != shown[field]}
    if not chosen:
        return text.strip()
    odd = [text[problem.start : problem.end] for problem in query.problems]
    return " ".join(part for part in (picked(query, chosen), *odd) if part)


def knows(db: Session, sprint_id: int, who: Asker, field: str, value: str) -> bool:
    """Say whether a field can have a value, as somebody may have chosen it from a list."""
    known = vocabulary(db, sprint_id, frozenset({field}), who)
    return not parse(picked(parse("", known), {field: value}), known).problems


def completions(db: Session, sprint_id: int, text: str, at: int, who: Asker) -> Completions:
    """Say how the term at a place in a text may go on."""
    known = vocabulary(db, sprint_id, mentioned(text), who)
    found = complete(text, at, known)
    options = [OptionLine(text=each.text, says=each.says) for each in found.options]
    return Completions(start=found.start, end=found.end, options=options)


def _said(each: Term | Sort) -> str:
    return written_sort(each) if isinstance(each, Sort) else written_term(each)


def _rest(text: str, query: Query, gone: Term | Sort) -> str:
    odd = [text[problem.start : problem.end] for problem in query.problems]
    return " ".join(part for part in (written_query(without(query, gone)), *odd) if part)


def _parts(text: str, problems: tuple[Problem, ...]) -> list[Part]:
    found, place = [], 0
    for problem in problems:
        found.append(Part(text=text[place : problem.start], odd=False))
        found.append(Part(text=text[problem.start : problem.end], odd=True))
        place = problem.end
    found.append(Part(text=text[place:], odd=False))
    return [part for part in found if part.text]
