"""What goes out: look at it as it will be sent, approve it, take it back, cancel it."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from app.actions import outbox as deciding
from app.core.errors import Invalid
from app.core.permissions import Permission
from app.core.vocabulary import OutgoingKind
from app.views.outbox import SHOWN, Outbox, outbox_page
from app.web.desk import AtDesk, Desk, needs
from app.web.faces import back_to, json_answer, whole_page

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1/outbox", tags=["outbox"])
LARGEST_ID = 2**31 - 1
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Verb = Literal["approve", "recall", "cancel", "elsewhere"]
DOES: dict[str, Callable[..., int]] = {
    "approve": deciding.approve,
    "recall": deciding.recall,
    "cancel": deciding.cancel,
    "elsewhere": deciding.elsewhere,
}


class OutboxQuery(BaseModel):
    """Which messages are asked for: open, done or all."""

    show: str = Field("open", max_length=20, json_schema_extra={"enum": [*SHOWN]})
    after: int = Field(0, ge=0, le=LARGEST_ID)
    limit: int = Field(100, ge=1, le=500)


class Chosen(BaseModel):
    """The messages that a decision is about."""

    model_config = ConfigDict(extra="forbid")

    ids: list[Id] = Field(min_length=1, max_length=500)


class Changed(BaseModel):
    """How many messages were changed."""

    changed: int


class Decision(BaseModel):
    """What is done with the ticked messages."""

    ids: list[Id] = []
    do: Verb
    back: str | None = Field(None, max_length=500)


@pages.get("/outbox")
@needs(Permission.outbox_approve)
def outbox(desk: AtDesk, asked: Annotated[OutboxQuery, Query()]) -> Response:
    """Show messages as they will be sent, and what became of them."""
    return whole_page(desk, "outbox/page.html", _page(desk, asked))


@api.get("", response_model=Outbox)
@needs(Permission.outbox_approve)
def messages(desk: AtDesk, asked: Annotated[OutboxQuery, Query()]) -> Response:
    """List messages by id, each as it will be sent."""
    return json_answer(_page(desk, asked))


def _page(desk: Desk, asked: OutboxQuery) -> Outbox:
    given = {"after": asked.after, "limit": asked.limit}
    return outbox_page(desk.reader, asked.show, at=desk.at, **given)


@pages.post("/outbox/actions")
@needs(Permission.outbox_approve)
def decide(desk: AtDesk, wish: Annotated[Decision, Form()]) -> Response:
    """Do one thing with every ticked message."""
    if not wish.ids:
        raise Invalid("Tick at least one message first.")
    DOES[wish.do](desk.db, wish.ids, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, wish.back, "/outbox")


def _add_verb(verb: str, meaning: str) -> None:
    """Register one decision for programs' faces; people have the form above."""

    def by_json(desk: AtDesk, wish: Chosen) -> Response:
        changed = DOES[verb](desk.db, wish.ids, actor=desk.visitor.name, at=desk.at)
        return json_answer(Changed(changed=changed))

    by_json.__name__, by_json.__doc__ = verb, meaning
    api.post(f"/{verb}", response_model=Changed)(needs(Permission.outbox_approve)(by_json))


_add_verb("approve", "Approve messages, or approve again what another person approved.")
_add_verb("recall", "Make approved or cancelled messages drafts again.")
_add_verb("cancel", "Decide that messages are not sent.")
_add_verb("elsewhere", "Note that customers were told another way.")


@pages.post("/outbox/live")
@needs(Permission.source_write)
def switch(
    desk: AtDesk,
    source: Annotated[str, Form(max_length=60)],
    kind: Annotated[OutgoingKind, Form()],
    live: Annotated[bool, Form()],
) -> Response:
    """Let messages of a kind go out to a source, or only be drafted."""
    deciding.set_live(desk.db, source, kind, live=live, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, "/outbox", "/outbox")


@pages.post("/outbox/words")
@needs(Permission.source_write)
def set_words(desk: AtDesk, words: Annotated[str, Form(max_length=8_000)]) -> Response:
    """Change the words of messages that are drafted from now on."""
    deciding.set_words(desk.db, words, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, "/outbox", "/outbox")
