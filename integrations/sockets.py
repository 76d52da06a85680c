"""Sockets with one deadline for all steps, which open only to allowed addresses."""

import functools
import math
import ssl
import threading
import time
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import certifi
import httpcore

from integrations.addresses import is_public, resolve
from integrations.errors import Misconfigured

PIECE = 64 * 1024


class Deadline(threading.local):
    """The moment, on the monotonic clock, at which the running exchange is given up."""

    until = math.inf

    def left(self) -> float:
        """Give the seconds left; raises ReadTimeout when there are none."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the deadline has passed")
        return left


class Stream(httpcore.NetworkStream):
    """Gives each step only what is left of the whole: a drip never trips a read timeout."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._inner.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        for start in range(0, len(buffer), PIECE):
            self._inner.write(buffer[start : start + PIECE], self._deadline.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        left = self._deadline.left()
        return Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class Backend(httpcore.NetworkBackend):
    """Resolves once, checks every address, connects to a checked one: a name cannot rebind."""

    def __init__(self, deadline: Deadline, private_hosts: frozenset[str], name: str) -> None:
        self._inner = httpcore.SyncBackend()
        self._deadline = deadline
        self._private = private_hosts
        self._name = name

    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore.NetworkStream:
        found = self._resolved(host, port)
        self._check(host, port, found)
        for address in found[:-1]:
            try:
                return self._connect(address, port)
            except httpcore.ConnectError:
                continue
        return self._connect(found[-1], port)

    def _resolved(self, host: str, port: int) -> list[str]:
        # The system's resolver knows no deadline, so it works aside and may be left behind.
        told: SimpleQueue[list[str]] = SimpleQueue()
        Thread(target=_resolve_into, args=(told, host, port), daemon=True).start()
        try:
            found = told.get(timeout=self._deadline.left())
        except Empty:
            raise httpcore.ConnectTimeout("its name was not found in time") from None
        if not found:
            raise httpcore.ConnectError("its name is not known")
        return found

    def _connect(self, address: str, port: int) -> httpcore.NetworkStream:
        inner = self._inner.connect_tcp(address, port, self._deadline.left())
        return Stream(inner, self._deadline)

    def _check(self, host: str, port: int, found: list[str]) -> None:
        if f"{host}:{port}" in self._private or f"[{host}]:{port}" in self._private:
            return
        if port == 443 and all(is_public(address) for address in found):
            return
        raise Misconfigured(
            f"{self._name} at {host}:{port} is not on the public internet over https; to allow it, "
            f"add {host}:{port} to BUGSPRINT_ALLOWED_PRIVATE_HOSTS."
        )


def _resolve_into(told: SimpleQueue[list[str]], host: str, port: int) -> None:
    try:
        told.put(resolve(host, port))
    except (OSError, UnicodeError):
        told.put([])


@functools.cache
def trusted() -> ssl.SSLContext:
    """Trust the bundled authorities and those of the system, for services inside a company."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    return context
