"""Sources: their state, and what an administrator can do about it."""

from fastapi import APIRouter, Response

from app.actions import sources as keeping
from app.actions.connect import Connect
from app.core.errors import Invalid, NotFound
from app.core.permissions import Permission
from app.db.models import Source
from app.db.queries import sources as rows
from app.views.sources import Sources, source_cards, tested
from app.web.desk import AtDesk, Desk, needs
from app.web.faces import Faces, back_to, whole_page
from integrations.errors import SourceError

faces = Faces("sources")
pages: APIRouter = faces.pages
api: APIRouter = faces.api


@faces.show("/sources", "sources/page.html", Permission.source_write, api="/sources")
def sources(desk: AtDesk) -> Sources:
    """List sources with their state, streams and unread records."""
    tails = desk.request.app.state.connect.vault.tails
    return source_cards(desk.reader, tails, desk.at)


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


@pages.post("/sources/{name}/sync")
@needs(Permission.source_write)
def sync(desk: AtDesk, name: str) -> Response:
    """Start reading a source now; the page shows how far it is."""
    source = _source(desk, name)
    desk.request.app.state.sync_soon(source)
    return back_to(desk, "/sources", "/sources")


@pages.post("/sources/{name}/test")
@needs(Permission.source_write)
def test(desk: AtDesk, name: str) -> Response:
    """Try the connection, and show who we are there."""
    connect: Connect = desk.request.app.state.connect
    try:
        connector = connect.to(_source(desk, name), hurry=True)
        try:
            found = connector.check()
        finally:
            connector.close()
    except SourceError as error:
        raise Invalid(str(error)) from error
    view = source_cards(desk.reader, connect.vault.tails, desk.at).model_copy(
        update={"tested": name, "identity": tested(found)}
    )
    return whole_page(desk, "sources/page.html", view)


def _source(desk: Desk, name: str) -> Source:
    found = rows.source_by_name(desk.reader, name)
    if found is None:
        raise NotFound(f"There is no source “{name}”.")
    return found
