"""The page at which people sign in."""

from fastapi import Response
from pydantic import BaseModel

from app.views.welcome import nobody_yet
from app.web.cookies import local
from app.web.desk import Desk
from app.web.errors import RETRY_SECONDS
from app.web.faces import whole_page


class Door(BaseModel):
    """The door; `stranger`: whom a proxy vouches for, but nobody here knows."""

    next: str
    error: str | None
    demo: bool
    provider: bool
    stranger: str | None
    fresh: bool = False


def door(desk: Desk, place: str, error: str | None = None, *, status: int = 200) -> Response:
    """Show the door, with what went wrong."""
    known = desk.vouched is None or desk.visitor.signed_in
    view = Door(
        next=local(place),
        error=error,
        demo=desk.demo,
        provider=desk.request.app.state.provider is not None,
        stranger=None if known else desk.vouched,
        fresh=not desk.demo and nobody_yet(desk.reader),
    )
    answer = whole_page(desk, "sign_in/page.html", view, status=status)
    if status in RETRY_SECONDS:
        answer.headers["retry-after"] = RETRY_SECONDS[status]
    return answer
