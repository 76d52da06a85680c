"""The application served for real on a loopback port, as the command serves it."""

import threading
import time
from contextlib import contextmanager

import uvicorn

from app.main import STOP_SECONDS, Server


@contextmanager
def served(app):
    """Yield the address and the server; stop it afterwards as a signal would."""
    config = uvicorn.Config(
        app, port=0, log_level="critical", timeout_graceful_shutdown=STOP_SECONDS
    )
    server = Server(config, app.state.broadcast)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}", server, thread
    finally:
        stop(server, thread)


def stop(server, thread):
    """Tell a server to stop; return how many seconds that took."""
    started = time.monotonic()
    if thread.is_alive():
        server.broadcast.end_soon()
        server.should_exit = True
    thread.join(timeout=20)
    return time.monotonic() - started


class Stream:
    """The events of an open live stream, read as a browser would."""

    def __init__(self, answer):
        self.lines = answer.iter_lines()

    def next(self):
        """Return the next event as a mapping; comments, retries and the edition are left out."""
        event: dict[str, str] = {}
        for line in self.lines:
            name, _, value = line.partition(": ")
            if not line and event.get("event") == "edition":
                event = {}
            elif not line and (event.get("data") or event.get("event")):
                return event
            if name in {"id", "event"}:
                event[name] = value
            elif name == "data":
                event["data"] = event.get("data", "") + value + "\n"
        return None
