"""How far each repository was read; stored with the rows it speaks of."""

from datetime import datetime, timedelta

import msgspec

OVERLAP = timedelta(minutes=2)
"""Read again each time: a change may become visible a little after its own time."""


class Mark(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One repository: ask for changes since then; `etag` is that of the same question's answer."""

    since: datetime | None = None
    etag: str | None = None

    def after(self, upto: datetime | None, etag: str | None) -> "Mark":
        """The mark once rows up to `upto` are stored; the clock that counts is GitHub's own."""
        reached = upto - OVERLAP if upto else None
        since = max((at for at in (self.since, reached) if at), default=None)
        return Mark(since=since, etag=etag if since == self.since else None)


class Census(msgspec.Struct, frozen=True, kw_only=True):
    """When all ids were last listed, and of which repositories."""

    at: datetime
    repositories: tuple[str, ...]


def marks(position: str) -> dict[str, Mark]:
    """The marks in a position; a position that is none reads from the start."""
    try:
        return msgspec.json.decode(position, type=dict[str, Mark])
    except msgspec.DecodeError:
        return {}


def census(position: str) -> Census | None:
    """The last census, if there was one."""
    try:
        return msgspec.json.decode(position, type=Census)
    except msgspec.DecodeError:
        return None


def written(position: dict[str, Mark] | Census) -> str:
    """As text, the same for the same state."""
    return msgspec.json.encode(position, order="sorted").decode()
