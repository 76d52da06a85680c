"""One thing done with many bugs."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.actions import bulk as acting
from app.actions.bulk import DID, Deed, Wish
from app.core.batches import MOST, Outcome, message
from app.core.errors import Invalid
from app.core.permissions import Permission
from app.views.boards import find_sprint
from app.web.cookies import local
from app.web.desk import AtDesk, Desk, needs
from app.web.faces import back_to, by_htmx, json_answer, whole_page
from app.web.routes.bugs import LARGEST_ID, claiming_team, own_team
from app.web.telling import changed

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1/bugs", tags=["bugs"])
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]


GIVEN_TO_SOMEBODY: JsonDict = {
    "if": {"properties": {"do": {"const": Deed.assign.value}}, "required": ["do"]},
    "then": {"properties": {"team_id": {"type": "integer"}}, "required": ["team_id"]},
}
"""Whoever gets bugs has to be named."""


class Bulk(BaseModel):
    """What is done with which bugs; `team_id`: for whom they are claimed, or who gets them."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=GIVEN_TO_SOMEBODY)

    do: Deed
    bug_ids: list[Id] = Field(min_length=1, max_length=MOST)
    team_id: int | None = Field(None, ge=1, le=LARGEST_ID)


class Refused(BaseModel):
    """A bug that stayed as it was, and why."""

    id: int
    why: str


class Bulked(BaseModel):
    """Which bugs were changed, which were not, and both in a sentence."""

    done: list[int]
    refused: list[Refused]
    said: str


class Answered(BaseModel):
    """What is told to a person whose browser runs no script."""

    title: str
    said: str
    back: str


@api.post("/bulk", response_model=Bulked)
@needs(Permission.bug_claim)
def bulk(desk: AtDesk, wish: Bulk) -> Response:
    """Claim, release, resolve, re-open or assign up to 200 bugs; those taken first are named."""
    outcome = _do(desk, wish)
    refused = [Refused(id=each.bug_id, why=each.why) for each in outcome.refused]
    said = message(outcome, DID[wish.do])
    return json_answer(Bulked(done=outcome.done, refused=refused, said=said))


class BulkForm(BaseModel):
    """The same from a form, in which nothing may be ticked yet."""

    model_config = ConfigDict(extra="forbid")

    do: Deed
    bug_ids: list[Id] = Field([], max_length=MOST)
    to_team: int | None = Field(None, ge=1, le=LARGEST_ID)
    back: str | None = Field(None, max_length=500)


@pages.post("/s/{slug}/bulk")
@needs(Permission.bug_claim)
def bulk_by_form(desk: AtDesk, slug: str, said: Annotated[BulkForm, Form()]) -> Response:
    """Do one thing with every ticked bug."""
    find_sprint(desk.reader, slug)
    if not said.bug_ids:
        raise Invalid("Tick at least one bug first.")
    team = said.to_team if said.do == Deed.assign else None
    outcome = _do(desk, Bulk(do=said.do, bug_ids=said.bug_ids, team_id=team))
    words = message(outcome, DID[said.do])
    board = f"/s/{slug}/board"
    if by_htmx(desk):
        return changed(desk, [*outcome.done, *(r.bug_id for r in outcome.refused)], words)
    if not outcome.refused:
        return back_to(desk, said.back, board)
    told = Answered(title="Not all of them", said=words, back=local(said.back or board))
    return whole_page(desk, "board/bulked.html", told)


def _do(desk: Desk, wish: Bulk) -> Outcome:
    if wish.do == Deed.assign and wish.team_id is None:
        raise Invalid("Choose the team that gets the bugs.")
    team = claiming_team(desk, wish.team_id) if wish.do in {Deed.claim, Deed.assign} else None
    asked = Wish(wish.do, wish.bug_ids, team)
    guard = partial(own_team, desk) if wish.do != Deed.claim else _anybody
    return acting.many(desk.db, asked, guard, actor=desk.visitor.name, at=desk.at)


def _anybody(bug_id: int) -> None:
    """Let everybody claim what nobody has; for which team was asked before."""
