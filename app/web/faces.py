"""One view, several faces: a page for people, a fragment for htmx, JSON for programs."""

import gzip
from collections.abc import Callable
from hashlib import blake2b
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from app.core import preferences
from app.core.permissions import Permission
from app.views.shell import Around, Shell, around, initials
from app.web.desk import Desk, needs
from app.web.rendering import render

HTML = "text/html; charset=utf-8"
Reader = Callable[..., BaseModel]


class Faces:
    """A pair of routers for one noun: its pages, and its JSON under /api/v1."""

    def __init__(self, tag: str) -> None:
        self.pages = APIRouter(include_in_schema=False)
        self.api = APIRouter(prefix="/api/v1", tags=[tag])

    def show(
        self, path: str, template: str, permission: Permission, *, api: str | None = None
    ) -> Callable[[Reader], Reader]:
        """Register a read: GET `path` renders `template`, GET /api/v1`api` gives JSON."""

        def register(read: Reader) -> Reader:
            def page(view: BaseModel, desk: Desk) -> Response:
                return whole_page(desk, template, view)

            def data(view: BaseModel, _desk: Desk) -> Response:
                return json_answer(view)

            self.pages.get(path)(needs(permission)(_then(read, page)))
            if api:
                model = get_type_hints(read)["return"]
                self.api.get(api, response_model=model)(needs(permission)(_then(read, data)))
            return read

        return register


def _then(read: Reader, dress: Callable[[BaseModel, Desk], Response]) -> Callable[..., Response]:
    def handler(**given: Any) -> Response:
        return dress(read(**given), given["desk"])

    handler.__wrapped__ = read  # type: ignore[attr-defined]
    handler.__name__ = read.__name__
    handler.__doc__ = read.__doc__
    return handler


def whole_page(desk: Desk, template: str, view: object, *, status: int = 200) -> Response:
    """Return a page with its frame, compressed where the browser takes that."""
    body = render(template, view=view, shell=shell_of(desk)).encode()
    return squeezed(desk, body, status=status)


def squeezed(desk: Desk, body: bytes, *, status: int = 200) -> Response:
    """Return bytes of HTML, compressed when they are many."""
    if len(body) > 2_000 and "gzip" in desk.request.headers.get("accept-encoding", ""):
        headers = {"content-encoding": "gzip", "vary": "accept-encoding"}
        return Response(gzip.compress(body, 5), status, headers, media_type=HTML)
    return Response(body, status, media_type=HTML)


def fragment(template: str, view: object, **more: object) -> Response:
    """Return a part of a page for htmx."""
    return Response(render(template, view=view, **more), media_type=HTML)


def json_answer(view: BaseModel, status: int = 200) -> Response:
    """Return JSON straight from the model, without validating it a second time."""
    return Response(view.model_dump_json(by_alias=True), status, media_type="application/json")


def back_to(desk: Desk, back: str | None, otherwise: str) -> Response:
    """Send a form's browser back to a page of ours; never to another site."""
    referer = urlsplit(desk.request.headers.get("referer", ""))
    came_from = referer.path + (f"?{referer.query}" if referer.query else "")
    for place in (back, came_from):
        if place and place.startswith("/") and not place.startswith(("//", "/\\")):
            return RedirectResponse(place, 303)
    return RedirectResponse(otherwise, 303)


def by_htmx(desk: Desk) -> bool:
    """Say whether the page's script asks, and wants a fragment."""
    return "hx-request" in desk.request.headers


def shell_of(desk: Desk, frame: Around | None = None) -> Shell:
    """Return the frame of the visitor's page."""
    who = desk.visitor
    frame = frame or around(desk.reader, at=desk.at, patience=desk.request.app.state.patience)
    return Shell(
        name=who.name,
        initials=initials(who.name),
        role=who.role,
        team=who.team,
        team_id=who.team_id,
        leads=who.leads,
        signed_in=who.signed_in,
        can=frozenset(permission.value for permission in who.can),
        sprint=frame.sprint,
        sources=frame.sources,
        demo=desk.demo,
        preferences=preferences.read(who.preferences),
    )


def tag_of(*parts: object) -> str:
    """Return an ETag for what these parts determine."""
    return f'"{blake2b(repr(parts).encode(), digest_size=12).hexdigest()}"'
