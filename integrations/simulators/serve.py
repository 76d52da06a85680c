"""Real HTTP on the loopback address: in a thread for tests and the demo, or until Ctrl-C."""

import logging
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from threading import Thread
from time import monotonic, sleep

import uvicorn
from starlette.types import ASGIApp

HOST = "127.0.0.1"


class _Quiet(logging.Filter):
    """Keeps faults that were injected on purpose out of the server's error log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Drop the traceback of a connection cut on purpose."""
        error = record.exc_info[1] if record.exc_info else None
        return type(error).__name__ != "ConnectionCut"


QUIET = _Quiet()


def _server(app: ASGIApp) -> uvicorn.Server:
    logging.getLogger("uvicorn.error").addFilter(QUIET)
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=HOST,
            log_config=None,
            log_level="warning",
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=1,
        )
    )


def _socket(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((HOST, port))
    return listening


@contextmanager
def serve(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """Serve in a thread and yield the base URL; port 0 takes any free one."""
    listening = _socket(port)
    server = _server(app)
    thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        _await_start(server, thread)
        yield f"http://{HOST}:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=5)
        listening.close()


def _await_start(server: uvicorn.Server, thread: Thread) -> None:
    deadline = monotonic() + 10
    while not server.started:
        if not thread.is_alive() or monotonic() > deadline:
            raise RuntimeError("The simulator's web server did not start.")
        sleep(0.005)


def run_forever(app: ASGIApp, port: int) -> None:
    """Serve until interrupted; raises OSError when the port is taken."""
    with closing(_socket(port)) as listening, suppress(KeyboardInterrupt):
        _server(app).run(sockets=[listening])
