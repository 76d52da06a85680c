"""A small server of drawn pages under the real policy, with a stream that tests push to."""

from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from queue import Queue
from threading import Thread
from urllib.parse import urlsplit

from app.web.assets import content

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HTML = "text/html; charset=utf-8"


class Stage:
    """Serves drawn pages, our static files, answers to forms, and a stream one may push to."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.answers: dict[str, tuple[int, str]] = {}
        self.streams: list[Queue[str | None]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, self))
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def push(self, fragment: str) -> None:
        """Send a fragment to every open page."""
        for stream in self.streams:
            stream.put(fragment)

    def close(self) -> None:
        """Let the streams go and stop."""
        self.server.shutdown()
        for stream in self.streams:
            stream.put(None)
        self.server.server_close()


class Handler(BaseHTTPRequestHandler):
    """One request to the stage."""

    def __init__(self, stage: Stage, *request: object) -> None:
        self.stage = stage
        super().__init__(*request)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/live"):
            self.stream()
        elif path.startswith("/static/"):
            file = path.removeprefix("/static/")
            self.say(200, guess_type(file)[0] or "text/plain", content(file))
        else:
            page = self.stage.pages.get(path.lstrip("/"))
            self.say(200 if page else 404, HTML, (page or "").encode())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        status, body = self.stage.answers[self.path]
        self.say(status, HTML, body.encode())

    def say(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.send_header("content-security-policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def stream(self) -> None:
        mine: Queue[str | None] = Queue()
        self.stage.streams.append(mine)  # before the page can know: what is pushed then must come
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        while (fragment := mine.get()) is not None:
            data = "".join(f"data: {line}\n" for line in fragment.splitlines())
            self.wfile.write(f"id: 1\n{data}\n".encode())
            self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Stay quiet."""
