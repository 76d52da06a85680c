"""Signing in and out, oneself, and whether the service is well."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Response
from fastapi.responses import PlainTextResponse, RedirectResponse
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError

from app.actions import people
from app.core.errors import Forbidden, Invalid, NotFound
from app.core.permissions import Permission
from app.core.vocabulary import Role
from app.db import schema
from app.web.desk import AtDesk, Desk, needs
from app.web.faces import whole_page

pages = APIRouter(include_in_schema=False)
Next = Annotated[str, Form(max_length=500)]


class SignInPage(BaseModel):
    """The door."""

    next: str
    error: str | None
    demo: bool


@pages.get("/sign-in")
@needs(Permission.anyone)
def sign_in_page(desk: AtDesk, next: Annotated[str, Query(max_length=500)] = "/") -> Response:
    """Show the door."""
    return _door(desk, next, None, 200)


def _door(desk: Desk, place: str, error: str | None, status: int) -> Response:
    view = SignInPage(next=_local(place), error=error, demo=desk.demo)
    return whole_page(desk, "sign_in/page.html", view, status=status)


@pages.post("/sign-in")
@needs(Permission.anyone)
def sign_in(
    desk: AtDesk,
    email: Annotated[str, Form(max_length=254)],
    password: Annotated[str, Form(max_length=1024)],
    next: Next = "/",
) -> Response:
    """Let somebody in who knows the password."""
    address = desk.request.client.host if desk.request.client else "unknown"
    try:
        token = people.sign_in(desk.db, email, password, address=address, at=desk.at)
    except Invalid as error:
        return _door(desk, next, str(error), 422)
    except Forbidden as error:
        return _door(desk, next, str(error), 429)
    return _entered(desk, token, next)


@pages.post("/sign-in/demo")
@needs(Permission.anyone)
def demo_sign_in(desk: AtDesk, role: Annotated[Role, Form()], next: Next = "/") -> Response:
    """Let anybody in as the demo's person of a role."""
    if not desk.demo:
        raise NotFound("One-click sign-in exists only in the demo.")
    return _entered(desk, people.demo_sign_in(desk.db, role, at=desk.at), next)


@pages.post("/sign-out")
@needs(Permission.anyone)
def sign_out(desk: AtDesk) -> Response:
    """End this browser's sign-in."""
    if desk.token:
        people.sign_out(desk.db, desk.token, actor=desk.visitor.name or "somebody", at=desk.at)
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(desk.cookie_name, path="/", secure=_secure(desk), httponly=True)
    return answer


@pages.get("/me")
@needs(Permission.board_read)
def me(desk: AtDesk) -> Response:
    """Show who one is here."""
    return whole_page(desk, "me/page.html", None)


@pages.get("/healthz")
@needs(Permission.anyone)
def healthz(desk: AtDesk) -> Response:  # noqa: ARG001 - the guard needs it
    """Say that the process answers."""
    return PlainTextResponse("ok")


@pages.get("/readyz")
@needs(Permission.anyone)
def readyz(desk: AtDesk) -> Response:
    """Say whether the database is there, its schema is this release's, and jobs run."""
    try:
        ready = schema.current(desk.engine) == schema.newest()
    except DBAPIError:
        return PlainTextResponse("the database does not answer", 503)
    scheduler = desk.request.app.state.scheduler
    if ready and scheduler is not None and not scheduler.running:
        return PlainTextResponse("the scheduled jobs do not run", 503)
    return PlainTextResponse("ready" if ready else "the schema is old", 200 if ready else 503)


def _entered(desk: Desk, token: str, place: str) -> Response:
    answer = RedirectResponse(_local(place), 303)
    answer.set_cookie(
        desk.cookie_name,
        token,
        max_age=int(people.ABSOLUTE.total_seconds()),
        path="/",
        secure=_secure(desk),
        httponly=True,
        samesite="lax",
    )
    return answer


def _secure(desk: Desk) -> bool:
    base_url: str = desk.request.app.state.base_url
    return base_url.startswith("https://")


def _local(place: str) -> str:
    """Return an address of ours, whatever was asked for."""
    local = place.startswith("/") and not place.startswith(("//", "/\\")) and "\n" not in place
    return place if local else "/"
