"""How a person likes their pages: stored as words, and read leniently."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from zoneinfo import available_timezones

from app.core.errors import Invalid

CHOICES: Mapping[str, tuple[str, ...]] = {
    "theme": ("auto", "light", "dark"),
    "density": ("comfortable", "compact"),
    "keys": ("on", "off"),
    "announce": ("on", "off"),
}
PLACES = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@dataclass(frozen=True, slots=True)
class Preferences:
    """`zone` is the name of a time zone; "" is that of the browser."""

    theme: str = "auto"
    density: str = "comfortable"
    keys: str = "on"
    announce: str = "on"
    zone: str = ""


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """Return the time zones one can choose, by name."""
    named = {name for name in available_timezones() if name.split("/")[0] in PLACES}
    return ("UTC", *sorted(named))


def chosen(said: Mapping[str, str]) -> Preferences:
    """Return what somebody chose; refuses what cannot be chosen."""
    for name, words in CHOICES.items():
        if said[name] not in words:
            raise Invalid(f"“{said[name]}” is no {name}; choose {' or '.join(words)}.")
    if said["zone"] and said["zone"] not in zones():
        raise Invalid(f"There is no time zone “{said['zone']}”.")
    return Preferences(**{field.name: said[field.name] for field in fields(Preferences)})


@lru_cache(maxsize=256)
def read(text: str) -> Preferences:
    """Return stored preferences; what is missing or strange by now is as usual."""
    try:
        stored = json.loads(text or "{}")
    except ValueError:
        return Preferences()
    usual = asdict(Preferences())
    if not isinstance(stored, dict):
        return Preferences()
    good = {
        name: value
        for name, value in stored.items()
        if name in usual and (value in CHOICES[name] if name in CHOICES else isinstance(value, str))
    }
    return Preferences(**usual | good)


def stored(preferences: Preferences) -> dict[str, str]:
    """Return what is stored: only what differs from the usual."""
    usual = asdict(Preferences())
    return {name: value for name, value in asdict(preferences).items() if value != usual[name]}
