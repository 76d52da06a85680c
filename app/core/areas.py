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


def area_of(
    rules: Sequence[AreaRule], *, labels: Sequence[str], components: Sequence[str], title: str
) -> int | None:
    """Return the first area with a pattern that fits; labels weigh before titles."""
    marks = {
        "label": [label.casefold() for label in labels],
        "component": [part.casefold() for part in components],
        "title": [title.casefold()],
    }
    for kinds in (("label", "component"), ("title",)):
        for rule in rules:
            if any(_fits(pattern, marks, kinds) for pattern in rule.patterns):
                return rule.area_id
    return None


def _fits(pattern: str, marks: dict[str, list[str]], kinds: tuple[str, ...]) -> bool:
    kind, colon, rest = pattern.casefold().partition(":")
    if not colon or kind not in marks:
        return "label" in kinds and _any(pattern.casefold(), marks["label"] + marks["component"])
    return kind in kinds and _any(rest, marks[kind])


def _any(pattern: str, values: Sequence[str]) -> bool:
    return any(fnmatchcase(value, pattern) for value in values)
