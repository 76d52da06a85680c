"""Which part of the product a bug belongs to, told from its labels, components and title."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True)
class AreaRule:
    """Patterns of one area: `label:mail*`, `component:Mail*`, `title:*attachment*`; * is anything.

    A pattern without a prefix is tried on labels and components.
    """

    area_id: int
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """The area that a bug belongs to, the pattern that says so, and the mark that it fits."""

    area_id: int
    pattern: str
    mark: str


def area_of(
    rules: Sequence[AreaRule], *, labels: Sequence[str], components: Sequence[str], title: str
) -> int | None:
    """Return the first area with a pattern that fits; labels weigh before titles."""
    found = fit_of(rules, labels=labels, components=components, title=title)
    return found.area_id if found else None


def fit_of(
    rules: Sequence[AreaRule], *, labels: Sequence[str], components: Sequence[str], title: str
) -> Fit | None:
    """Return why a bug belongs to its area: the first pattern that fits."""
    marks = {"label": labels, "component": components, "title": [title]}
    for kinds in (("label", "component"), ("title",)):
        for rule in rules:
            for pattern in rule.patterns:
                mark = _fitting(pattern, marks, kinds)
                if mark is not None:
                    return Fit(rule.area_id, pattern, mark)
    return None


def _fitting(pattern: str, marks: dict[str, Sequence[str]], kinds: tuple[str, ...]) -> str | None:
    kind, colon, rest = pattern.casefold().partition(":")
    if not colon or kind not in marks:
        both = [*marks["label"], *marks["component"]] if "label" in kinds else []
        return _first(pattern.casefold(), both)
    return _first(rest, marks[kind]) if kind in kinds else None


def _first(pattern: str, values: Sequence[str]) -> str | None:
    return next((value for value in values if fnmatchcase(value.casefold(), pattern)), None)
