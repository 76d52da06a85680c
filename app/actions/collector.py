"""How the interpreter shares itself out while a source is read into many rows."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

FEW_COLLECTIONS = 50_000
SHORT_TURN_SECONDS = 0.0001


class ManyRows:
    """Lets the collector rest, and threads take short turns, until the last of its runs ends.

    A page makes many rows and hardly any cycles.  Who writes it calls the database often; with
    the usual turn of 5 ms the page's reader would keep it waiting after each of these calls, and
    stand idle itself while the database works.
    """

    def __init__(self) -> None:
        self._gate = Lock()
        self._runs = 0
        self._before = (gc.get_threshold(), sys.getswitchinterval())

    @contextmanager
    def run(self) -> Iterator[None]:
        """Keep it so for the length of a run; several may overlap."""
        with self._gate:
            if not self._runs:
                self._begin()
            self._runs += 1
        try:
            yield
        finally:
            with self._gate:
                self._runs -= 1
                if not self._runs:
                    self._end()

    def _begin(self) -> None:
        (first, *others), turn = self._before = (gc.get_threshold(), sys.getswitchinterval())
        gc.set_threshold(max(first, FEW_COLLECTIONS), *others)
        sys.setswitchinterval(min(turn, SHORT_TURN_SECONDS))

    def _end(self) -> None:
        threshold, turn = self._before
        gc.set_threshold(*threshold)
        sys.setswitchinterval(turn)


many_rows = ManyRows()
