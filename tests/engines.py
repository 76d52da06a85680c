"""The engines that tests share: making one and compiling each statement costs more than most tests.

Loaded before the application, which takes `open_engine` by its name.
"""

from sqlalchemy import Engine

from app.db import engine as doors

_open = doors.open_engine
_shared: dict[str, Engine | None] = {}


def share(url: str) -> None:
    """Let whoever opens this address have one and the same engine; close what is open of it."""
    engine = _shared.setdefault(url, None)
    if engine is not None:
        Engine.dispose(engine)


def open_engine(url: str) -> Engine:
    """Open an engine, or return the one that is shared."""
    if url not in _shared:
        return _open(url)
    engine = _shared[url]
    if engine is None:
        engine = _shared[url] = _open(url)
        # One who is done with it does not close what another still holds.
        engine.dispose = _kept  # type: ignore[method-assign]
    return engine


def _kept(close: bool = True) -> None:
    """Leave connections open until the next test begins."""


doors.open_engine = open_engine
