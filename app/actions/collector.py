"""How often the interpreter looks for cycles while a source is read into many rows."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

FEW_COLLECTIONS = 50_000


class ManyRows:
    """Lets the collector rest until the last of its runs ends; a page makes hardly any cycles."""

    def __init__(self) -> None:
        self._gate = Lock()
        self._runs = 0
        self._before = gc.get_threshold()

    @contextmanager
    def run(self) -> Iterator[None]:
        """Keep it so for the length of a run; several may overlap."""
        with self._gate:
            if not self._runs:
                first, *others = self._before = gc.get_threshold()
                gc.set_threshold(max(first, FEW_COLLECTIONS), *others)
            self._runs += 1
        try:
            yield
        finally:
            with self._gate:
                self._runs -= 1
                if not self._runs:
                    gc.set_threshold(*self._before)


many_rows = ManyRows()
