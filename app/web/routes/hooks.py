"""Where webhooks arrive.  The signature over the raw body is the only credential."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.actions import hooks
from app.core.errors import NotFound
from app.core.permissions import Permission
from app.db.engine import is_busy
from app.db.models import Source
from app.db.queries import sources as rows
from app.web.desk import AtDesk, Desk, needs
from integrations.deliveries import Incoming, Refused

pages = APIRouter(include_in_schema=False)
LARGEST = 256 * 1024
TOO_LARGE = "A webhook delivery has at most 256 KiB."
REFUSED = "This delivery was not accepted; the sources page says why."


async def raw_body(request: Request) -> bytes:
    """Return the very bytes that came; reading ends as soon as they are too many."""
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > LARGEST:
        raise HTTPException(413, TOO_LARGE)
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                raise HTTPException(413, TOO_LARGE)
    except ClientDisconnect:
        raise HTTPException(400, "The delivery broke off.") from None
    return bytes(body)


@pages.post("/hooks/{source}")
@needs(Permission.anyone)
def receive(
    desk: AtDesk,
    source: Annotated[str, Path(max_length=60)],
    body: Annotated[bytes, Depends(raw_body)],
) -> Response:
    """Take a delivery in: 202 when it is genuine, also when it was here before or is unreadable."""
    found = rows.source_by_name(desk.reader, source)
    if found is None or "~" in source:
        raise NotFound("There is no such source; the sources page shows each one's address.")
    incoming = Incoming(dict(desk.request.headers), body)
    vault = desk.request.app.state.connect.vault
    try:
        delivery = hooks.judge(found, incoming, vault=vault, at=desk.at, rehearsal=desk.demo)
    except Refused as why:
        return _refused(desk, found, str(why))
    desk.reader.rollback()
    new = hooks.accept(desk.db, found, delivery, incoming, at=desk.at)
    state = "repeated" if not new else "unreadable" if delivery.unreadable else "accepted"
    return JSONResponse({"state": state}, 202)


def _refused(desk: Desk, source: Source, why: str) -> Response:
    if not hooks.is_told(source, why, desk.at):
        _tell(desk, source, why)
    request_id = desk.request.scope.get("state", {}).get("request_id", "")
    problem = {"type": "forbidden", "title": REFUSED, "status": 401, "instance": request_id}
    return JSONResponse(problem, 401, media_type="application/problem+json")


def _tell(desk: Desk, source: Source, why: str) -> None:
    """Show the refusal on the page; a busy database does not make it less of one."""
    try:
        hooks.refuse(desk.db, source, why, at=desk.at)
    except OperationalError as error:
        if not is_busy(error):
            raise
        desk.db.rollback()
