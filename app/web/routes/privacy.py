"""What is kept and for how long; say what is kept of somebody, or forget them."""

from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Form, Response
from pydantic import BaseModel, Field

from app.actions import disclosing, erasing, retention
from app.actions.finding import Whom
from app.core.errors import Invalid
from app.core.permissions import Permission
from app.core.retention import Retention
from app.core.sentences import counted
from app.views.about import about_whom
from app.views.privacy import privacy
from app.web.desk import AtDesk, Desk, needs
from app.web.faces import back_to, whole_page

pages = APIRouter(include_in_schema=False)
Days = Annotated[int, Form(ge=1, le=10_000)]


class WhomForm(BaseModel):
    """Who is meant; `again` is the id once more, so that nobody is erased by a slip."""

    kind: Literal["customer", "person"]
    name: str = Field(min_length=1, max_length=300)
    source: str = Field("", max_length=60)
    again: str = Field("", max_length=300)

    def whom(self) -> Whom:
        """Return who is meant."""
        return Whom(self.kind, self.name.strip(), self.source or None)


@pages.get("/privacy")
@needs(Permission.retention_write)
def privacy_page(desk: AtDesk) -> Response:
    """Show how long things are kept, and who was erased."""
    return whole_page(desk, "privacy/page.html", privacy(desk.reader))


@pages.post("/privacy/retention")
@needs(Permission.retention_write)
def decide(desk: AtDesk, text: Days, deliveries: Days, audit: Days) -> Response:
    """Change how long things are kept."""
    wanted = Retention(text=text, deliveries=deliveries, audit=audit)
    retention.decide(desk.db, wanted, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, "/privacy", "/privacy")


@pages.post("/privacy/about")
@needs(Permission.erase)
def about(desk: AtDesk, said: Annotated[WhomForm, Form()]) -> Response:
    """Return everything that is kept of somebody, as a file."""
    vault = desk.request.app.state.connect.vault
    found = disclosing.disclose(desk.db, vault, said.whom(), actor=desk.visitor.name, at=desk.at)
    body = msgspec.json.format(msgspec.json.encode(about_whom(desk.after, found)), indent=2)
    named = {"content-disposition": f'attachment; filename="about-{said.kind}.json"'}
    return Response(body, media_type="application/json", headers=named)


@pages.post("/privacy/erase")
@needs(Permission.erase)
def erase(desk: AtDesk, said: Annotated[WhomForm, Form()]) -> Response:
    """Forget somebody; the bytes on the disk follow while the page is already there."""
    if said.again.strip() != said.name.strip():
        raise Invalid("Write the same id twice to erase somebody; nothing was changed.")
    vault = desk.request.app.state.connect.vault
    done = erasing.erase(desk.db, vault, said.whom(), actor=desk.visitor.name, at=desk.at)
    desk.request.app.state.scrub_soon()
    return _erased(desk, done)


def _erased(desk: Desk, done: erasing.Erased) -> Response:
    counts = {
        "ticket": done.tickets,
        "customer": done.customers,
        "message": done.messages,
        "unread record": done.dead_letters,
        "note": done.notes,
    }
    told = ", ".join(counted(count, noun) for noun, count in counts.items() if count)
    view = privacy(desk.after, said=f"Erased: {told or 'nothing but a name'}.")
    return whole_page(desk, "privacy/page.html", view)
