"""Read the next page while the last one is being written."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar

T = TypeVar("T")
END = object()


class _Failure:
    def __init__(self, error: BaseException) -> None:
        self.error = error


class _Reader(Thread, Generic[T]):
    """Draws from an iterator into a queue of one, so that at most two pages are in memory."""

    def __init__(self, source: Iterator[T]) -> None:
        super().__init__(name="read-ahead", daemon=True)
        self.queue: Queue[object] = Queue(maxsize=1)
        self.stopped = Event()
        self._source = source

    def run(self) -> None:
        try:
            for item in self._source:
                if not self._put(item):
                    return
            self._put(END)
        except BaseException as error:  # noqa: BLE001 - raised again where the page is awaited
            self._put(_Failure(error))

    def _put(self, item: object) -> bool:
        while not self.stopped.is_set():
            try:
                self.queue.put(item, timeout=0.1)
            except Full:
                continue
            return True
        return False


@contextmanager
def read_ahead(source: Iterator[T]) -> Generator[Iterator[T], None, None]:
    """Yield an iterator over the same items; leaving early stops the reader."""
    reader: _Reader[T] = _Reader(source)
    reader.start()
    try:
        yield _items(reader)
    finally:
        reader.stopped.set()
        with suppress(Empty):
            reader.queue.get_nowait()
        reader.join(timeout=5)


def _items(reader: _Reader[T]) -> Iterator[T]:
    while (item := reader.queue.get()) is not END:
        if isinstance(item, _Failure):
            raise item.error
        yield item  # type: ignore[misc]
