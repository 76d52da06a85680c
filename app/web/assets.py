"""Static files: small, hashed in their address, and kept by browsers for a year."""

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
