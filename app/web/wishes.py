"""The Idempotency-Key of a request, and the answer that is given to it a second time."""

import re
from hashlib import blake2b
from typing import NamedTuple

from fastapi import Request, Response

from app.actions.repeats import Answer
from app.core.errors import Invalid
from app.web.guards import SAFE

HEADER = "idempotency-key"
REPLAYED = {"idempotency-replayed": "true"}
FITS = re.compile(r"[!-~]{1,200}")


class Wish(NamedTuple):
    """A key, and what stands for the request that it came with."""

    key: str
    fingerprint: str


async def wish_of(request: Request) -> Wish | None:
    """Return the wish of a program's write; forms are not repeated, and need none."""
    if request.method in SAFE or HEADER not in request.headers:
        return None
    url = request.url
    if not url.path.startswith("/api/"):
        return None
    asked = f"{request.method} {url.path}?{url.query}\n".encode() + await request.body()
    return Wish(request.headers[HEADER], blake2b(asked, digest_size=24).hexdigest())


def check(wish: Wish) -> None:
    """Refuse a key that cannot be kept."""
    if not FITS.fullmatch(wish.key):
        raise Invalid("An Idempotency-Key has 1 to 200 visible ASCII characters and no space.")


def kept(answer: Response) -> Answer:
    """Return what is kept of an answer."""
    return Answer(answer.status_code, answer.media_type or "", bytes(answer.body).decode())


def again(answer: Answer) -> Response:
    """Give the same answer once more, and say that it is the same."""
    media_type = answer.media_type or None
    return Response(answer.body, answer.status, REPLAYED, media_type=media_type)
