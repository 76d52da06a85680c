"""Run a coroutine in a thread of its own: a browser test may have left its loop in this one."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def apart(scene: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Return what the scene returns."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(scene())).result()
