"""Static files: small, hashed in their address, and kept by browsers for a year."""

import hashlib
from functools import lru_cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=300"


class Assets(StaticFiles):
    """Serves app/web/static; an address with its content's hash never changes what it means."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file with the right to keep it."""
        answer = await super().get_response(path, scope)
        hashed = scope.get("query_string", b"").startswith(b"v=")
        answer.headers["cache-control"] = FOR_EVER if hashed else A_WHILE
        return answer


@lru_cache(maxsize=1)
def edition() -> str:
    """Return a word for all scripts and styles together; pages of another one are outdated."""
    every = hashlib.sha256()
    for path in sorted(FOLDER.rglob("*.*")):
        every.update(path.read_bytes())
    return every.hexdigest()[:12]
