"""A source's webhook in words: the last delivery, and whether they still come."""

from datetime import datetime, timedelta

from pydantic import BaseModel

from app.db.models import Source
from integrations import HOOKS

SILENCE = timedelta(hours=6)
UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


class HookLine(BaseModel):
    """Where a source's webhook arrives, what became of the last delivery, and what is wrong.

    `secrets`: how many may sign one now, two while one replaces another.
    """

    path: str
    secrets: int
    verdict: str
    at: datetime | None
    accepted_at: datetime | None
    alarm: str


def hook_line(source: Source, at: datetime | None) -> HookLine | None:
    """Show a source's webhook; None for kinds that send none."""
    if source.kind not in HOOKS:
        return None
    return HookLine(
        path=f"/hooks/{source.name}",
        secrets=source.hook_secrets,
        verdict=_verdict(source, at),
        at=source.hook_at,
        accepted_at=source.hook_good_at,
        alarm=_alarm(source),
    )


def _verdict(source: Source, at: datetime | None) -> str:
    if source.hook_at is None:
        return "none came yet" if source.hook_secrets else "no secret is set"
    said, when = source.hook_verdict, ago(at - source.hook_at) if at is not None else ""
    if not when or said.startswith("refused"):
        return f"{said} ({when})" if when else said
    verified, comma, more = said.partition(",")
    return f"{verified} {when}{comma}{more}"


def _alarm(source: Source) -> str:
    """Say so when reading finds changes of which no webhook told for hours."""
    since = max(filter(None, (source.hook_good_at, source.hook_secret_at)), default=None)
    if not source.hook_secrets or source.changed_at is None or since is None:
        return ""
    if source.changed_at - since < SILENCE:
        return ""
    silent = lasting(source.changed_at - since)
    return (
        f"{source.name} changed, but no webhook told of it for {silent}: check there whether the "
        "webhook is switched off, and its address and secret. Reading on schedule goes on."
    )


def ago(length: timedelta) -> str:
    """Say how long ago something was: 3 minutes ago."""
    return f"{lasting(length)} ago" if length >= timedelta(seconds=1) else "just now"


def lasting(length: timedelta) -> str:
    """Say how long something takes, in its largest whole unit: 3 minutes."""
    seconds = int(length.total_seconds())
    for size, name in UNITS:
        if seconds >= size:
            count = seconds // size
            return f"{count} {name}{'' if count == 1 else 's'}"
    return "no time"
