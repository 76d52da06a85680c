"""What a service says went wrong, whatever shape it says it in."""

from collections.abc import Iterable
from typing import Any

import msgspec

KEYS = ("error_description", "description", "message", "detail", "title", "error", "errors")


def complaint(content: bytes, longest: int = 200) -> str:
    """Read the words of an error body: JSON of any known shape, or short plain text, never HTML."""
    try:
        found = _words(msgspec.json.decode(content), depth=4)
    except msgspec.DecodeError:
        found = _plain(content)
    return " ".join(found.split())[:longest]


def _plain(content: bytes) -> str:
    text = content[:2000].decode("utf-8", "replace").strip()
    return "" if text.startswith(("<", "{", "[")) else text


def _words(body: Any, depth: int) -> str:
    if isinstance(body, str):
        return body
    if depth and isinstance(body, dict):
        return _first(_words(body.get(key), depth - 1) for key in KEYS)
    if depth and isinstance(body, list):
        return _first(_words(item, depth - 1) for item in body[:3])
    return ""


def _first(found: Iterable[str]) -> str:
    return next((text for text in found if text), "")
