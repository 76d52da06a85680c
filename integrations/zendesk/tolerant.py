"""Reads rows one by one, so that a strange one is set aside and the page goes on."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

import msgspec

from integrations.contract import Rejected

S = TypeVar("S")
LONGEST_PAYLOAD = 20_000
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_ID = re.compile(r'"id":\s*"?(\w+)')


def readable(
    rows: Iterable[msgspec.Raw], shape: type[S], *, keep_text: bool
) -> tuple[list[S], list[Rejected]]:
    """Decode each row into `shape`; those that do not fit are given back as rejected."""
    decode = decoder(shape).decode
    found: list[S] = []
    strange: list[Rejected] = []
    for row in rows:
        try:
            found.append(decode(row))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            strange.append(rejected(row, str(error), keep_text=keep_text))
    return found, strange


def rejected(row: msgspec.Raw, reason: str, *, keep_text: bool) -> Rejected:
    """Set a row aside, without e-mail addresses, and without any text where none is to be kept."""
    text = bytes(row).decode("utf-8", "replace")
    name = _ID.search(text)
    payload = _EMAIL.sub("[email]", text)[:LONGEST_PAYLOAD] if keep_text else ""
    return Rejected(name[1] if name else None, reason, payload)


def decoder(shape: type[S]) -> msgspec.json.Decoder[S]:
    """Give the one decoder of a shape, which is dear to make."""
    made: msgspec.json.Decoder[S] = _decoder(shape)  # type: ignore[arg-type]
    return made


@cache
def _decoder(shape: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(shape)
