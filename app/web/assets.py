"""Static files: small, hashed in their address, and kept by browsers for a year."""

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=300"
SCRIPTS = ("window", "live", "page", "filter", "acts", "peek", "palette", "keys")
TOGETHER = "js/bugsprint.js"
"""The address at which these come in this order as one file: one request, and packed better."""
_ASIDE = re.compile(r"^\s*//.*\n|^[ \t]+|\n(?=\n)", re.MULTILINE)


class Assets(StaticFiles):
    """Serves app/web/static; an address with its content's hash never changes what it means."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file with the right to keep it."""
        if path == TOGETHER:
            answer = Response(content(path), media_type="text/javascript")
        else:
            answer = await super().get_response(path, scope)
        hashed = scope.get("query_string", b"").startswith(b"v=")
        answer.headers["cache-control"] = FOR_EVER if hashed else A_WHILE
        return answer


def content(path: str) -> bytes:
    """Return a file's bytes, or those of the scripts together without what only readers need."""
    return _together() if path == TOGETHER else (FOLDER / path).read_bytes()


@lru_cache(maxsize=1)
def _together() -> bytes:
    every = ((FOLDER / "js" / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    return "\n".join(_ASIDE.sub("", script) for script in every).encode()


@lru_cache(maxsize=1)
def edition() -> str:
    """Return a word for all scripts and styles together; pages of another one are outdated."""
    every = hashlib.sha256()
    for path in sorted(FOLDER.rglob("*.*")):
        every.update(path.read_bytes())
    return every.hexdigest()[:12]
