"""What an administrator does about webhooks' secrets and about records that could not be read."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Response

from app.actions import letters, rotating
from app.core.permissions import Permission
from app.web.desk import AtDesk, Desk, needs
from app.web.faces import back_to

pages = APIRouter(include_in_schema=False)
LetterId = Annotated[int, Path(ge=1, le=2**31 - 1)]
Secret = Annotated[str, Form(min_length=1, max_length=500)]


@pages.post("/sources/{name}/webhook-secret")
@needs(Permission.source_write)
def save_secret(desk: AtDesk, name: str, secret: Secret) -> Response:
    """Verify webhooks with a new secret, and with the former one as well for now."""
    vault = desk.request.app.state.connect.vault
    given = {"webhook_secret": secret.strip()}
    rotating.rotate(desk.db, name, given, vault=vault, actor=desk.visitor.name, at=desk.at)
    return _done(desk)


@pages.post("/sources/{name}/webhook-secret/finish")
@needs(Permission.source_write)
def finish_secret(desk: AtDesk, name: str) -> Response:
    """Verify webhooks with the new secret alone."""
    vault = desk.request.app.state.connect.vault
    rotating.finish(desk.db, name, vault=vault, actor=desk.visitor.name, at=desk.at)
    return _done(desk)


@pages.post("/sources/{name}/letters/read")
@needs(Permission.source_write)
def read_all(desk: AtDesk, name: str) -> Response:
    """Look again at every record of a source that could not be read."""
    return _read(desk, name, None)


@pages.post("/sources/{name}/letters/{letter_id}/read")
@needs(Permission.source_write)
def read_one(desk: AtDesk, name: str, letter_id: LetterId) -> Response:
    """Look again at a record that could not be read."""
    return _read(desk, name, letter_id)


@pages.post("/sources/{name}/letters/{letter_id}/dismiss")
@needs(Permission.source_write)
def dismiss(desk: AtDesk, name: str, letter_id: LetterId) -> Response:
    """Let a record go that could not be read."""
    letters.dismiss(desk.db, name, letter_id, actor=desk.visitor.name, at=desk.at)
    return _done(desk)


def _read(desk: Desk, name: str, letter_id: int | None) -> Response:
    connect = desk.request.app.state.connect
    actor = desk.visitor.name
    letters.read_again(desk.db, name, letter_id, connect=connect, actor=actor, at=desk.at)
    return _done(desk)


def _done(desk: Desk) -> Response:
    return back_to(desk, "/sources", "/sources")
