"""Finding one's way by a few keys: the palette, the list of keys, and a look at a bug."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from app.core.permissions import Permission
from app.db.queries import sprints
from app.views.palette import Places, pages_for, places
from app.web.desk import AtDesk, Desk, needs
from app.web.faces import by_htmx, fragment, whole_page
from app.web.routes.bugs import BugId, page_of

pages = APIRouter(include_in_schema=False)


class Nothing(BaseModel):
    """A page that says the same to everybody."""


@pages.get("/palette")
@needs(Permission.board_read)
def palette(desk: AtDesk, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Find pages, teams and bugs by a few words."""
    view = _found(desk, q)
    if by_htmx(desk):
        return fragment("frame/places.html", view)
    return whole_page(desk, "frame/palette_page.html", view)


def _found(desk: Desk, q: str) -> Places:
    sprint = sprints.current_sprint(desk.reader)
    can = {permission.value for permission in desk.visitor.can}
    known = pages_for(sprint.slug if sprint else None, can)
    return places(desk.reader, q, known)


@pages.get("/keys")
@needs(Permission.board_read)
def keys(desk: AtDesk) -> Response:
    """List every key."""
    return whole_page(desk, "frame/keys_page.html", Nothing())


@pages.get("/bugs/{bug_id}/peek")
@needs(Permission.board_read)
def peek(desk: AtDesk, bug_id: BugId) -> Response:
    """Show what matters most of a bug, beside the board."""
    return fragment("bugs/peek.html", page_of(desk, bug_id), can=desk.visitor.can)
