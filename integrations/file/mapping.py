"""Which column of the file holds which of our fields."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec
import yaml

from integrations.errors import Misconfigured

FIELDS: Mapping[str, tuple[str, ...]] = {
    "bugs": (
        "external_id",
        "key",
        "title",
        "text",
        "type",
        "status",
        "resolution",
        "priority",
        "severity",
        "labels",
        "component",
        "assignees",
        "url",
        "created_at",
        "updated_at",
        "closed_at",
        "duplicate_of",
    ),
    "customers": ("external_id", "name", "tier", "arr", "renewal_on", "domains"),
}
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "bugs": ("external_id", "title"),
    "customers": ("external_id", "name"),
}
LARGEST = 1_000_000
"""A mapping file beyond this many bytes is somebody's data file, given by mistake."""


class Columns(msgspec.Struct, frozen=True):
    """Our field → their column, and the columns that feed no field."""

    theirs: dict[str, str]
    unmapped: tuple[str, ...]

    def pick(self, cells: Mapping[str, Any]) -> dict[str, Any]:
        """One row under our names."""
        return {ours: cells.get(theirs) for ours, theirs in self.theirs.items()}


def plain(name: str) -> str:
    """A column's name as compared: “External ID” is external_id."""
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split())


def read_mapping(path: Path | None, noun: str) -> dict[str, str]:
    """Our field → their column, as the operator wrote it."""
    if path is None:
        return {}
    given = _parsed(path)
    if not isinstance(given, dict) or not all(
        isinstance(part, str) for pair in given.items() for part in pair
    ):
        raise Misconfigured(
            f"The mapping file {path.name} must hold lines “our field: their column” and no more."
        )
    for ours in given:
        _must_be_a_field(ours, noun, path.name)
    return given


def _parsed(path: Path) -> object:
    try:
        if path.stat().st_size > LARGEST:
            raise Misconfigured(f"The mapping file {path.name} is too large to be a mapping.")
        return yaml.safe_load(path.read_text("utf-8-sig"))
    except OSError as error:
        raise Misconfigured(f"The mapping file {path} cannot be read: {error.strerror}.") from None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" near line {mark.line + 1}" if mark else ""
        raise Misconfigured(
            f"The mapping file {path.name} is neither YAML nor JSON{where}."
        ) from None


def _must_be_a_field(ours: str, noun: str, name: str) -> None:
    if ours in FIELDS[noun]:
        return
    near = get_close_matches(ours, FIELDS[noun], n=1)
    hint = f"did you mean {near[0]}?" if near else f"the fields are {', '.join(FIELDS[noun])}."
    raise Misconfigured(f"The mapping file {name} names {ours}, which no {noun} have; {hint}")


def match_columns(
    noun: str, mapping: Mapping[str, str], columns: Sequence[str], *, where: str
) -> Columns:
    """Find each field's column, by the mapping first and else by our own name for it."""
    by_plain = {plain(column): column for column in reversed(columns)}
    theirs: dict[str, str] = {}
    for ours in FIELDS[noun]:
        wanted = mapping.get(ours, ours)
        found = wanted if wanted in columns else by_plain.get(plain(wanted))
        if found is not None:
            theirs[ours] = found
        elif ours in mapping:
            raise Misconfigured(
                f"{where} has no column “{wanted}”, which the mapping gives for {ours}; "
                f"{_found(columns)}."
            )
    _must_be_whole(noun, theirs, columns, where)
    used = set(theirs.values())
    return Columns(theirs, tuple(column for column in columns if column and column not in used))


def _must_be_whole(
    noun: str, theirs: Mapping[str, str], columns: Sequence[str], where: str
) -> None:
    for ours in REQUIRED[noun]:
        if ours not in theirs:
            raise Misconfigured(
                f"{where} has no column {ours}: name one so, or say in a mapping file which "
                f"column is their {ours}; {_found(columns)}."
            )
    for column in theirs.values():
        if columns.count(column) > 1:
            raise Misconfigured(f"{where} has the column “{column}” twice; rename one of them.")


def _found(columns: Iterable[str]) -> str:
    shown = [f"“{column[:40]}”" for column in columns if column][:12]
    return "found " + (", ".join(shown) or "none")
