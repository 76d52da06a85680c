"""Saved views: kept, changed, shared, let go."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response
from pydantic import BaseModel, ConfigDict, Field

from app.actions import saved_views
from app.actions.saved_views import LONGEST_NAME, Content, Person
from app.core.errors import Forbidden
from app.core.filters import written_query
from app.core.permissions import Permission
from app.core.vocabulary import Shape
from app.db.queries import sprints
from app.views.filters import LONGEST, refuse_odd, understood
from app.views.saved_views import SavedViews, view_lines
from app.web.desk import AtDesk, Desk, needs
from app.web.faces import back_to, json_answer
from app.web.routes.board import asker
from app.web.texts import FILTER, LINE

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1/views", tags=["views"])
ViewId = Annotated[int, Field(ge=1, le=2**31 - 1)]
Name = Annotated[str, Form(max_length=200)]
Back = Annotated[str | None, Form(max_length=1_000)]
Scope = Literal["me", "team"]


class NewView(BaseModel):
    """A filter to keep under a name, for oneself or for one's team."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=LONGEST_NAME, pattern=LINE)
    q: str = Field("", max_length=LONGEST, json_schema_extra=FILTER)
    shape: Shape = Shape.list
    scope: Scope = "me"


class ViewForm(NewView):
    """The same from a page, and where to go back to."""

    back: str | None = Field(None, max_length=1_000)


class Made(BaseModel):
    """The id of what was made."""

    id: int


def _person(desk: Desk) -> Person:
    who = desk.visitor
    if who.user_id is None:
        raise Forbidden("Views belong to people; a program asks with ?q= itself.")
    return Person(who.user_id, who.name, who.team_id, desk.can(Permission.view_pin))


def _save(desk: Desk, said: NewView) -> int:
    sprint = sprints.current_sprint(desk.reader)
    query = understood(desk.reader, (sprint.id if sprint else 0) or 0, said.q, asker(desk))
    refuse_odd(query)
    content = Content(said.name, written_query(query), said.shape, said.scope == "team")
    return saved_views.save(desk.db, content, _person(desk), at=desk.at)


@pages.post("/views")
@needs(Permission.account_write)
def save_by_form(desk: AtDesk, said: Annotated[ViewForm, Form()]) -> Response:
    """Keep the filter of a page under a name."""
    _save(desk, said)
    return back_to(desk, said.back, "/board")


@pages.post("/views/{view_id}")
@needs(Permission.account_write)
def change(
    desk: AtDesk,
    view_id: ViewId,
    name: Name,
    scope: Annotated[Scope, Form()] = "me",
    back: Back = None,
) -> Response:
    """Give one's view another name, or to one's team."""
    person = _person(desk)
    saved_views.change(desk.db, view_id, name, person, for_team=scope == "team", at=desk.at)
    return back_to(desk, back, "/board")


@pages.post("/views/{view_id}/delete")
@needs(Permission.account_write)
def delete_by_form(desk: AtDesk, view_id: ViewId, back: Back = None) -> Response:
    """Let a view go."""
    saved_views.delete(desk.db, view_id, _person(desk), at=desk.at)
    return back_to(desk, back, "/board")


@pages.post("/views/{view_id}/restore")
@needs(Permission.account_write)
def restore(desk: AtDesk, view_id: ViewId, back: Back = None) -> Response:
    """Bring a deleted view back."""
    saved_views.restore(desk.db, view_id, _person(desk), at=desk.at)
    return back_to(desk, back, "/board")


@pages.post("/views/{view_id}/copy")
@needs(Permission.account_write)
def copy(desk: AtDesk, view_id: ViewId, back: Back = None) -> Response:
    """Keep somebody else's view as one's own."""
    saved_views.copy(desk.db, view_id, _person(desk), at=desk.at)
    return back_to(desk, back, "/board")


@pages.post("/views/{view_id}/pin")
@needs(Permission.view_pin)
def pin(
    desk: AtDesk,
    view_id: ViewId,
    pinned: Annotated[Literal["1", "0"], Form()] = "1",
    back: Back = None,
) -> Response:
    """Show a view to everybody, or no longer."""
    saved_views.pin(desk.db, view_id, _person(desk), pinned=pinned == "1", at=desk.at)
    return back_to(desk, back, "/board")


@api.get("", response_model=SavedViews)
@needs(Permission.board_read)
def views(desk: AtDesk) -> Response:
    """List the views that the asker sees: pinned ones, those of their team, their own."""
    kept = [each for each in view_lines(desk.reader, asker(desk)) if not each.deleted]
    return json_answer(SavedViews(items=kept))


@api.post("", response_model=Made, status_code=201)
@needs(Permission.account_write)
def save(desk: AtDesk, said: NewView) -> Response:
    """Keep a filter under a name."""
    return json_answer(Made(id=_save(desk, said)), 201)


@api.delete("/{view_id}", status_code=204)
@needs(Permission.account_write)
def delete(desk: AtDesk, view_id: ViewId) -> Response:
    """Let a view go; on its page it can be brought back."""
    saved_views.delete(desk.db, view_id, _person(desk), at=desk.at)
    return Response(status_code=204)
