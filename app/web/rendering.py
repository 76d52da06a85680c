"""Turn page models into HTML: one environment, the filters, and the addresses of static files."""

import hashlib
from contextvars import ContextVar
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.core.sentences import counted
from app.web.assets import content, edition
from app.web.charts import burn_up, flow, polyline, scatter
from app.web.foreign_text import markdown

TEMPLATES = Path(__file__).parents[2] / "templates"
# Not an argument: times stand in macros and parts that know nothing of who reads the page.
ZONE: ContextVar[str] = ContextVar("zone", default="")


def render(template: str, *, view: Any, shell: Any = None, **more: Any) -> str:
    """Return a template as HTML; each takes one `view`, and pages the `shell` around it.

    Times are in the zone that the page's reader chose; what goes to many readers is in UTC.
    """
    held = ZONE.set(shell.preferences.zone if shell else "")
    try:
        return environment().get_template(template).render(view=view, shell=shell, **more)
    finally:
        ZONE.reset(held)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the one environment: escaped by default, and a missing name is an error."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=200,
    )
    env.filters |= {
        "number": number,
        "points": points,
        "weight": weight,
        "money": money,
        "day": day,
        "time": time,
        "stamp": stamp,
        "iso": iso,
        "days": days,
        "percent": percent,
        "word": word,
        "short_key": short_key,
        "markdown": markdown,
        "asset": asset,
    }
    env.globals |= {"burn_up": burn_up, "polyline": polyline, "flow": flow, "scatter": scatter}
    env.globals |= {"path": "/", "plural": counted, "edition": edition}
    return env


def number(value: float) -> str:
    """Write a count with its thousands apart: 1,234."""
    return f"{value:,.0f}"


def points(value: float) -> str:
    """Write a score or a share of one with one digit: 12.5."""
    return f"{value:,.1f}"


def weight(value: float) -> str:
    """Write a weight as it is, without an empty fraction: 0.5, 90."""
    return repr(float(value)).removesuffix(".0")


def money(value: float) -> str:
    """Write an amount in short: 1.2 M, 340 k, 12."""
    for size, name in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size * 0.9995:
            return f"{value / size:.1f}".removesuffix(".0") + f" {name}"
    return f"{value:.0f}"


def percent(part: float) -> str:
    """Write a share of one as a percentage: 42 %."""
    return f"{part * 100:.0f} %"


def day(value: date) -> str:
    """Write a day: 12 Nov 2026; of an instant, its day where the reader is."""
    if isinstance(value, datetime):
        value = value.astimezone(zone(ZONE.get()))
    return f"{value.day} {value:%b %Y}"


def time(value: datetime) -> Markup:
    """Write an instant in the reader's zone; the browser puts it into words."""
    return _time(value, ZONE.get())


@lru_cache(maxsize=1024)
def _time(value: datetime, name: str) -> Markup:
    here = value.astimezone(zone(name))
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        iso(value),
        f"{here.day} {here:%b %Y, %H:%M} {name or 'UTC'}",
        f"{here.day} {here:%b %H:%M}",
    )


@lru_cache(maxsize=64)
def zone(name: str) -> tzinfo:
    """Return a time zone by its name; UTC for none, or for one this machine no longer knows."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def stamp(value: datetime) -> str:
    """Write an instant for everybody who reads the same sheet: 12 Nov 2026, 14:05 UTC."""
    utc = value.astimezone(UTC)
    return f"{utc.day} {utc:%b %Y, %H:%M} UTC"


def iso(value: datetime) -> str:
    """Write an instant for programs: 2026-11-21T09:30:00Z."""
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def days(count: float) -> str:
    """Write a length of time in short: 0.5 d, 412 d, 3.1 y from three years on."""
    if count >= 3 * 365:
        return f"{count / 365.25:.1f} y"
    return f"{count:.1f}".removesuffix(".0") + " d"


def word(value: str) -> str:
    """Write a word of the vocabulary for people: own_lingering becomes own lingering."""
    return WORDS.get(value, value.replace("_", " "))


def short_key(key: str) -> str:
    """Leave out what a key says before its last slash: acme/app#7 becomes app#7."""
    return key.rsplit("/", 1)[-1]


WORDS = {
    "high_profile": "high-profile",
    "own_lingering": "own lingering",
    "choice": "team’s choice",
    "support_lead": "support lead",
    "wontfix": "won’t fix",
    "reopened": "re-opened",
    "duplicate": "merged",
}


@lru_cache(maxsize=256)
def asset(path: str) -> str:
    """Return a static file's address, marked by its content so that it may be kept for ever."""
    return f"/static/{path}?v={hashlib.sha256(content(path)).hexdigest()[:12]}"
