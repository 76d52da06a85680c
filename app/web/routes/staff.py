"""People and programs, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Response

from app.actions import people, second_factor
from app.actions import staff as keeping
from app.actions.people import NewPerson
from app.actions.staff import Place
from app.core.permissions import Permission
from app.core.vocabulary import Role
from app.db.queries import people as rows
from app.views.staff import Staff, staff
from app.web.desk import AtDesk, Desk, moments, needs
from app.web.faces import back_to, whole_page

pages = APIRouter(include_in_schema=False)
Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
Words = Annotated[str, Form(max_length=254)]
Team = Annotated[str, Form(max_length=40)]
Password = Annotated[str, Form(max_length=1024)]
HERE = "/people"


@pages.get("/people")
@needs(Permission.user_write)
def everybody(desk: AtDesk) -> Response:
    """List people and programs' tokens."""
    return whole_page(desk, "people/page.html", _staff(desk))


@pages.post("/people")
@needs(Permission.user_write)
def add(  # noqa: PLR0913 - a form's fields
    desk: AtDesk,
    email: Words,
    role: Annotated[Role, Form()],
    name: Annotated[str, Form(max_length=80)] = "",
    team: Team = "",
    password: Password = "",
    *,
    organiser: Annotated[bool, Form()] = False,
) -> Response:
    """Add a person; without a password they come in through the identity provider or a proxy."""
    new = NewPerson(email, role, name, password or None, team or None, organiser)
    people.add_person(desk.db, new, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, HERE, HERE)


@pages.post("/people/{user_id}")
@needs(Permission.user_write)
def change(
    desk: AtDesk,
    user_id: Id,
    role: Annotated[Role, Form()],
    name: Annotated[str, Form(max_length=80)],
    team: Team = "",
    *,
    organiser: Annotated[bool, Form()] = False,
) -> Response:
    """Change what a person may do and for whom they work; it counts at once."""
    place = Place(name, role, team or None, organiser)
    keeping.change(desk.db, user_id, place, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, HERE, HERE)


@pages.post("/people/{user_id}/deactivate")
@needs(Permission.user_write)
def deactivate(desk: AtDesk, user_id: Id) -> Response:
    """Keep a person out."""
    keeping.deactivate(desk.db, user_id, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, HERE, HERE)


@pages.post("/people/{user_id}/activate")
@needs(Permission.user_write)
def activate(desk: AtDesk, user_id: Id) -> Response:
    """Let a person in again."""
    keeping.activate(desk.db, user_id, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, HERE, HERE)


@pages.post("/people/{user_id}/sign-out")
@needs(Permission.user_write)
def sign_out(desk: AtDesk, user_id: Id) -> Response:
    """End all sign-ins of a person."""
    keeping.end_sign_ins(desk.db, user_id, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, HERE, HERE)


@pages.post("/people/{user_id}/hand-over")
@needs(Permission.user_write)
def hand_over(desk: AtDesk, user_id: Id) -> Response:
    """Take a person's password away."""
    keeping.hand_over(desk.db, user_id, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, HERE, HERE)


@pages.post("/people/{user_id}/password")
@needs(Permission.user_write)
def give_password(desk: AtDesk, user_id: Id) -> Response:
    """Give a person a first password, and show it this once."""
    who = desk.visitor.name
    email, made = keeping.give_password(desk.db, user_id, actor=who, at=desk.at)
    desk.reader.rollback()
    view = _staff(desk).model_copy(update={"given": made, "given_to": email})
    return whole_page(desk, "people/page.html", view)


@pages.post("/people/{user_id}/second-factor/end")
@needs(Permission.user_write)
def end_second_factor(desk: AtDesk, user_id: Id) -> Response:
    """Take the second factor of somebody who lost it off."""
    second_factor.reset(desk.db, user_id, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, HERE, HERE)


@pages.post("/tokens")
@needs(Permission.user_write)
def create_token(
    desk: AtDesk,
    name: Annotated[str, Form(max_length=80)],
    days: Annotated[int, Form(ge=1, le=365)] = 365,
    scope: Annotated[list[str], Form()] = [],  # noqa: B006 - never changed
) -> Response:
    """Make a program's token, and show it this once."""
    who = desk.visitor.name
    made = people.create_token(desk.db, name, scopes=scope, at=desk.at, days=days, actor=who)
    desk.reader.rollback()
    view = _staff(desk).model_copy(update={"made": made, "made_name": name})
    return whole_page(desk, "people/page.html", view)


@pages.post("/tokens/{token_id}/revoke")
@needs(Permission.user_write)
def revoke_token(desk: AtDesk, token_id: Id) -> Response:
    """End a program's token at once."""
    found = rows.token_by_id(desk.db, token_id)
    people.revoke_token(desk.db, found, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, HERE, HERE)


def _staff(desk: Desk) -> Staff:
    idle = moments(desk.at)["idle_since"]
    provider = desk.request.app.state.provider is not None
    return staff(desk.reader, at=desk.at, idle_since=idle, provider=provider)
