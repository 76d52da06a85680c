"""Signing in and out, and whether the service is well."""

import logging
from typing import Annotated

from fastapi import APIRouter, Form, Query, Response
from fastapi.responses import PlainTextResponse
from sqlalchemy.exc import DBAPIError

from app.actions import people
from app.actions.people import CodeOwed
from app.core.errors import Invalid, NotFound, TooMany
from app.core.permissions import Permission
from app.core.vocabulary import Role
from app.db import schema
from app.web.cookies import entered, left
from app.web.desk import AtDesk, needs
from app.web.door import door
from app.web.errors import STATUS, request_id
from app.web.routes.second_factor import owing

log = logging.getLogger("bugsprint.sign_in")
pages = APIRouter(include_in_schema=False)
Next = Annotated[str, Form(max_length=500)]


@pages.get("/sign-in")
@needs(Permission.anyone)
def sign_in_page(desk: AtDesk, next: Annotated[str, Query(max_length=500)] = "/") -> Response:
    """Show the door."""
    return door(desk, next)


@pages.post("/sign-in")
@needs(Permission.anyone)
def sign_in(
    desk: AtDesk,
    email: Annotated[str, Form(max_length=254)],
    password: Annotated[str, Form(max_length=1024)],
    next: Next = "/",
) -> Response:
    """Let somebody in who knows the password."""
    try:
        token = people.sign_in(
            desk.db, email, password, address=desk.client, at=desk.at, replaces=desk.token
        )
    except CodeOwed as owed:
        return owing(desk, owed.token, next)
    except (Invalid, TooMany) as error:
        # No address of a person: it may be a password typed into the wrong field.
        log.warning(
            "request %s: a sign-in from %s was refused: %s",
            request_id(desk.request),
            desk.client,
            error.code,
        )
        return door(desk, next, str(error), status=STATUS[type(error)])
    return entered(desk, token, next)


@pages.post("/sign-in/demo")
@needs(Permission.anyone)
def demo_sign_in(desk: AtDesk, role: Annotated[Role, Form()], next: Next = "/") -> Response:
    """Let anybody in as the demo's person of a role."""
    if not desk.demo:
        raise NotFound("One-click sign-in exists only in the demo.")
    token = people.demo_sign_in(desk.db, role, at=desk.at, replaces=desk.token)
    return entered(desk, token, next)


@pages.post("/sign-out")
@needs(Permission.anyone)
def sign_out(desk: AtDesk) -> Response:
    """End this browser's sign-in."""
    if desk.token:
        people.sign_out(desk.db, desk.token, actor=desk.visitor.name or "somebody", at=desk.at)
    return left(desk)


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
