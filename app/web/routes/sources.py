"""Sources: their state, and what an administrator can do about it."""

from fastapi import APIRouter, Response

from app.actions import sources as keeping
from app.core.permissions import Permission
from app.views.sources import Sources, source_cards
from app.web.desk import AtDesk, needs
from app.web.faces import Faces, back_to

faces = Faces("sources")
pages: APIRouter = faces.pages
api: APIRouter = faces.api


@faces.show("/sources", "sources/page.html", Permission.source_write, api="/sources")
def sources(desk: AtDesk) -> Sources:
    """List sources with their state, streams and unread records."""
    state = desk.request.app.state
    return source_cards(desk.reader, state.connect.vault.tails, desk.at, state.sync_every)


@pages.post("/sources/{name}/pause")
@needs(Permission.source_write)
def pause(desk: AtDesk, name: str) -> Response:
    """Stop the scheduled reading of a source."""
    keeping.pause(desk.db, name, paused=True, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, "/sources", "/sources")


@pages.post("/sources/{name}/resume")
@needs(Permission.source_write)
def resume(desk: AtDesk, name: str) -> Response:
    """Read a source on schedule again."""
    keeping.pause(desk.db, name, paused=False, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, "/sources", "/sources")
