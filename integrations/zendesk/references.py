"""Finds the bugs that a ticket names: in a field, in tags, as addresses, as keys in prose."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from integrations.contract import Reference

MOST = 50
"""References kept of one ticket; the first ones, in the order field, tags, addresses, prose."""

LONGEST_TAG = 300
"""A longer one names no bug: no name is as long as that."""

_URL = re.compile(r"https?://[^\s<>\"'`\]|]{4,300}")
# A description is long and mostly holds no key, and a pattern that begins with fixed letters is
# ten times quicker: look for the number first, and only then at what stands before it.
_DASHED = re.compile(r"-\d{1,8}(?![\w-])")
_HASHED = re.compile(r"#\d{1,9}(?!\w)")
_NUMBER = r"(?:zilla)?[ \t]{0,2}(?:#|:|[Nn]o\.?)?[ \t]{0,2}(\d{2,9})(?!\w)"
_WORDED = {letters: re.compile(letters + _NUMBER) for letters in ("ug", "UG")}
_PROJECT = re.compile(r"(?:^|[^\w/.#&-])([A-Z][A-Z0-9_]{1,19})$")
_REPOSITORY = re.compile(r"(?:^|[^\w/.#&-])([A-Za-z0-9][\w.-]{0,99}/[\w.-]{1,99})$")
_NAMED = (("-", _DASHED, _PROJECT, 24), ("#", _HASHED, _REPOSITORY, 204))
_B = re.compile(r"(?:^|\W)[bB]$")
_JOINT = re.compile(r"[-#/_]")
_DIGIT = re.compile(r"\d")
_SPLIT = re.compile(r"[\s,;|]+")


def in_field(value: Any) -> list[Reference]:
    """Read a field's value: text, number or list; a bare number is a bug's number."""
    if value is None or isinstance(value, bool | dict):
        return []
    if isinstance(value, list):
        return [found for item in value[:MOST] for found in in_field(item)]
    parts = _SPLIT.split(str(value).strip())[:MOST]
    named = (f"bug {part}" if part.isdecimal() else part for part in parts)
    return [Reference(part, "field") for part in named if _DIGIT.search(part)]


def in_tags(tags: Iterable[str]) -> list[Reference]:
    """Keep the tags that look like a bug: a digit and one of - # / _."""
    return [found for tag in tags if len(tag) <= LONGEST_TAG and (found := _in_tag(tag))]


@lru_cache(maxsize=4096)
def _in_tag(tag: str) -> Reference | None:
    # A helpdesk has some hundreds of tags, and puts them on a hundred thousand tickets.  What is
    # remembered is short, lest somebody's endless tags fill the memory.
    return Reference(tag, "tag") if _DIGIT.search(tag) and _JOINT.search(tag) else None


def in_text(text: str) -> list[Reference]:
    """Find addresses that hold a number, and bare keys such as ABC-12, owner/repo#3, bug 123."""
    found: list[Reference] = []
    if "://" in text:
        found = [Reference(url, "url") for url in _urls(text)]
        text = _URL.sub(" ", text)
    if "-" in text or "#" in text or "ug" in text or "UG" in text:
        found += [Reference(key, "text") for key in _keys(text)]
    return found


def kept(found: list[Reference]) -> tuple[Reference, ...]:
    """Drop repetitions and what is too much."""
    return tuple(dict.fromkeys(found))[:MOST] if found else ()


def _urls(text: str) -> Iterable[str]:
    for url in _URL.findall(text):
        clean = url.rstrip(".,;:!?*_")
        if clean.endswith(")") and "(" not in clean:
            clean = clean[:-1]
        if _DIGIT.search(clean):
            yield clean


def _keys(text: str) -> Iterable[str]:
    for mark, number, name, reach in _NAMED:
        if mark in text:
            for match in number.finditer(text):
                if found := _before(text, match, name, reach):
                    yield found[1] + match[0]
    for letters, pattern in _WORDED.items():
        if letters in text:
            yield from (f"bug {m[1]}" for m in pattern.finditer(text) if _before(text, m, _B, 2))


def _before(
    text: str, match: re.Match[str], name: re.Pattern[str], reach: int
) -> re.Match[str] | None:
    start = match.start()
    return name.search(text[max(0, start - reach) : start])
