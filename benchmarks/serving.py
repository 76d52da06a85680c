"""The product as it runs in production, with a few routes more to measure it against.

Run as `python -m benchmarks.serving DATABASE_URL`; it prints its port.
"""

import socket
import sys
from threading import Timer

import uvicorn
from fastapi.routing import APIRoute
from pydantic import SecretStr
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.config import Settings
from app.main import Running, Server, create_app

HTML = "text/html; charset=utf-8"
PIECE = bytes(range(256)) * 4096
UPDATE = text(
    "UPDATE sprint_item SET state = 'claimed', claimed_by = 'Ada', version = version + 1 "
    "WHERE bug_id = :bug AND state IN ('open', 'reopened', 'handed_back')"
)


async def constant(request: Request) -> Response:
    """Answer with as many bytes as are asked for."""
    return Response(PIECE[: int(request.query_params["size"])], media_type=HTML)


def bare(request: Request, bug: int) -> Response:
    """Claim by one conditional UPDATE in its own transaction, and nothing else."""
    with request.app.state.engine.begin() as connection:
        done = connection.execute(UPDATE, {"bug": bug})
    return Response(status_code=200 if done.rowcount == 1 else 409)


def barest(request: Request) -> Response:
    """Do the same without the framework's reading of parameters."""
    return bare(request, int(request.path_params["bug"]))


def main(database_url: str) -> None:
    """Serve until stopped."""
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    port = door.getsockname()[1]
    settings = Settings(
        database_url=database_url,
        secret_key=SecretStr("a key for measuring only"),
        base_url=f"http://127.0.0.1:{port}",
    )
    app = create_app(settings, Running(jobs=False))
    # First of all, so that no floor has to wait until the product's addresses were tried.
    app.router.routes[:0] = [
        Route("/floor/constant", constant),
        Route("/floor/barest/{bug:int}", barest, methods=["POST"]),
        APIRoute("/floor/claim/{bug}", bare, methods=["POST"]),
    ]
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
    Timer(1.0, lambda: print(port, flush=True)).start()
    Server(config, app.state.broadcast).run([door])


if __name__ == "__main__":
    main(sys.argv[1])
