"""How a running sync shows itself: bars on a terminal, plain lines elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from app.cli.saying import on_terminal, say

Told = Callable[[str, int, int | None], None]


@contextmanager
def shown_progress(source: str) -> Iterator[Told]:
    """Lend a function that is told stream, count and total whenever a page is kept."""
    if not on_terminal():
        yield lambda stream, count, _total: say(f"{source} {stream} {count}")
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns) as bars:
        yield _Bars(bars, source).told


class _Bars:
    """One bar a stream, made when the stream's first page is there."""

    def __init__(self, bars: Progress, source: str) -> None:
        self._bars, self._source = bars, source
        self._waiting = bars.add_task(f"{source} is asked", total=None)
        self._tasks: dict[str, TaskID] = {}

    def told(self, stream: str, count: int, total: int | None) -> None:
        """Show how far a stream is."""
        if stream not in self._tasks:
            self._bars.update(self._waiting, visible=False)
            self._tasks[stream] = self._bars.add_task(f"{self._source} {stream}", total=None)
        self._bars.update(self._tasks[stream], completed=count, total=total)
