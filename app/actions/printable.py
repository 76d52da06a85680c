"""Take out of records the one character that PostgreSQL cannot store."""

from typing import TypeVar

from msgspec import Struct, structs

T = TypeVar("T")


def without_nul(value: T) -> T:
    """Return a record, or anything inside one, with every NUL left out of its text."""
    cleaned: object = value
    if isinstance(value, str):
        cleaned = value.replace("\x00", "")
    elif isinstance(value, (tuple, list, frozenset)):
        cleaned = type(value)(map(without_nul, value))
    elif isinstance(value, Struct):
        changed = {name: without_nul(getattr(value, name)) for name in value.__struct_fields__}
        cleaned = structs.replace(value, **changed)
    return cleaned  # type: ignore[return-value]
