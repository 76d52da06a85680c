"""The ticket inbox: list, filter, tag, judge and link, one or many at once."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from app.actions import links as linking
from app.actions import tickets as tagging
from app.core.errors import Invalid
from app.core.permissions import Permission
from app.core.vocabulary import LinkState, TicketStatus
from app.views import inbox
from app.views.inbox import Inbox, Wanted
from app.web.desk import AtDesk, Desk, needs
from app.web.faces import back_to, json_answer, whole_page
from app.web.texts import NO_NUL

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["tickets"])
LARGEST_ID = 2**31 - 1
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
ShownState = Literal["suggested", "confirmed", "rejected"]


class TicketQuery(BaseModel):
    """Which tickets are asked for."""

    show: str = Field("waiting", max_length=20, json_schema_extra={"enum": ["", *inbox.SHOWN]})
    q: str = Field("", max_length=200, pattern=NO_NUL)
    status: str = Field("", max_length=20, json_schema_extra={"enum": ["", *TicketStatus]})
    after: int | None = Field(None, ge=1, le=LARGEST_ID)
    limit: int = Field(50, ge=1, le=500)


class NewLink(BaseModel):
    """Tickets that are about a bug."""

    model_config = ConfigDict(extra="forbid")

    ticket_ids: list[Id] = Field(min_length=1, max_length=500)
    bug_id: Id
    importance: int | None = Field(None, ge=1, le=3)


class Verdict(BaseModel):
    """What a person says of a link."""

    model_config = ConfigDict(extra="forbid")

    state: ShownState | None = None
    importance: int | None = Field(None, ge=1, le=3)


class Judged(BaseModel):
    """A link as it is now."""

    id: int
    ticket_id: int
    bug_id: int
    state: LinkState
    importance: int


class Made(BaseModel):
    """The links that were made."""

    ids: list[int]


@pages.get("/tickets")
@needs(Permission.ticket_read)
def tickets_page(desk: AtDesk, asked: Annotated[TicketQuery, Query()]) -> Response:
    """Show tickets, those without a bug first."""
    return whole_page(desk, "tickets/page.html", _inbox(desk, asked))


@api.get("/tickets", response_model=Inbox)
@needs(Permission.ticket_read)
def tickets(desk: AtDesk, asked: Annotated[TicketQuery, Query()]) -> Response:
    """List tickets, newest first."""
    return json_answer(_inbox(desk, asked))


def _inbox(desk: Desk, asked: TicketQuery) -> Inbox:
    wanted = Wanted(**asked.model_dump())
    return inbox.inbox(desk.reader, wanted, text=desk.can(Permission.pii_read))


class Act(BaseModel):
    """What is done with the chosen tickets."""

    model_config = ConfigDict(extra="forbid")

    ticket_ids: list[Id] = []
    do: Literal["link", "unlink", "tag", "untag", "importance"]
    bug: str = Field("", max_length=300)
    tag: str = Field("", max_length=200)
    importance: int | None = Field(None, ge=1, le=3)
    back: str | None = Field(None, max_length=500)


@pages.post("/tickets/actions")
@needs(Permission.link_suggest)
def act(desk: AtDesk, wish: Annotated[Act, Form()]) -> Response:
    """Do one thing with every chosen ticket."""
    if not wish.ticket_ids:
        raise Invalid("Choose at least one ticket first.")
    if wish.do != "link":
        desk.admit(Permission.link_write)
    actor, chosen = desk.visitor.name, wish.ticket_ids
    if wish.do in {"tag", "untag"}:
        names = wish.tag.split()
        add, remove = (names, []) if wish.do == "tag" else ([], names)
        tagging.tag(desk.db, chosen, add=add, remove=remove, actor=actor, at=desk.at)
    elif wish.do == "importance" and not wish.bug:
        linking.judge_tickets(desk.db, chosen, importance=wish.importance, actor=actor, at=desk.at)
    else:
        _link(desk, wish)
    return back_to(desk, wish.back, "/tickets")


def _link(desk: Desk, wish: Act) -> None:
    bug_id = inbox.bug_meant(desk.db, wish.bug)
    if wish.do == "unlink":
        linking.unlink(desk.db, wish.ticket_ids, bug_id, actor=desk.visitor.name, at=desk.at)
        return
    _link_or_suggest(desk, wish.ticket_ids, bug_id, wish.importance)


def _link_or_suggest(
    desk: Desk, ticket_ids: list[int], bug_id: int, importance: int | None
) -> list[int]:
    """Link for those who decide about links; for anybody else it is a suggestion."""
    about: dict[str, Any] = {"actor": desk.visitor.name, "at": desk.at}
    if desk.can(Permission.link_write):
        return linking.link(desk.db, ticket_ids, bug_id, importance=importance, **about)
    return linking.suggest(desk.db, ticket_ids, bug_id, **about)


class LinkForm(Verdict):
    """A verdict from a form, which knows where it came from."""

    back: str | None = Field(None, max_length=500)


@pages.post("/links/{link_id}")
@needs(Permission.link_write)
def judge_by_form(desk: AtDesk, link_id: Id, said: Annotated[LinkForm, Form()]) -> Response:
    """Confirm or reject a link, or say how much it matters."""
    _judge(desk, link_id, said)
    return back_to(desk, said.back, "/tickets")


@api.post("/links", response_model=Made, status_code=201)
@needs(Permission.link_suggest)
def link(desk: AtDesk, wish: NewLink) -> Response:
    """Say that tickets are about a bug; what an engineer says so is a suggestion."""
    ids = _link_or_suggest(desk, wish.ticket_ids, wish.bug_id, wish.importance)
    return json_answer(Made(ids=ids), 201)


@api.put("/links/{link_id}", response_model=Judged)
@needs(Permission.link_write)
def judge(desk: AtDesk, link_id: Id, said: Verdict) -> Response:
    """Confirm or reject a link, or say how much it matters."""
    return json_answer(_judge(desk, link_id, said))


def _judge(desk: Desk, link_id: int, said: Verdict) -> Judged:
    made = linking.judge(
        desk.db,
        link_id,
        actor=desk.visitor.name,
        at=desk.at,
        state=said.state,
        importance=said.importance,
    )
    return Judged.model_validate(made, from_attributes=True)
