"""One's own account: the password, and where one is signed in."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Response
from fastapi.responses import RedirectResponse

from app.actions import own_account
from app.core.errors import AppError, Conflict, Invalid, NotFound, TooMany
from app.core.permissions import Permission
from app.core.preferences import chosen
from app.views.account import account
from app.web.cookies import entered, left
from app.web.desk import AtDesk, Desk, moments, needs
from app.web.errors import RETRY_SECONDS, note
from app.web.faces import back_to, whole_page
from app.web.visitors import PASSWORD

pages = APIRouter(include_in_schema=False)
Password = Annotated[str, Form(max_length=1024)]
REFUSED: dict[type[AppError], int] = {Invalid: 422, Conflict: 409, TooMany: 429}


Word = Annotated[str, Form(max_length=60)]


@pages.get("/me")
@needs(Permission.board_read)
def me(desk: AtDesk, saved: Annotated[str, Query(max_length=5)] = "") -> Response:
    """Show who one is here."""
    return _page(desk, saved=bool(saved))


@pages.post("/me/preferences")
@needs(Permission.account_write)
def set_preferences(
    desk: AtDesk,
    theme: Word = "auto",
    density: Word = "comfortable",
    keys: Word = "off",
    announce: Word = "off",
    zone: Word = "",
) -> Response:
    """Remember how one likes one's pages; a box that is not ticked is not sent."""
    said = {"theme": theme, "density": density, "keys": keys, "announce": announce, "zone": zone}
    own_account.set_preferences(desk.db, _user_id(desk), chosen(said))
    return RedirectResponse("/me?saved=true", 303)


@pages.get("/me/first-password")
@needs(Permission.account_secure)
def first_password(desk: AtDesk) -> Response:
    """Ask for a password in place of the one that an administrator gave."""
    if desk.visitor.owed is not PASSWORD:
        return RedirectResponse("/me", 303)
    return _page(desk)


@pages.post("/me/password")
@needs(Permission.account_secure)
def change_password(desk: AtDesk, old: Password, new: Password, again: Password) -> Response:
    """Change one's password; one stays signed in here only."""
    try:
        if new != again:
            raise Invalid("The new password was written in two ways; write it twice the same.")
        if not desk.standing or not desk.token:
            raise Conflict("You sign in elsewhere, so there is no password to change here.")
        token = own_account.change_password(
            desk.db, desk.token, old, new, address=desk.client, at=desk.at
        )
    except (Invalid, Conflict, TooMany) as error:
        return _refused(desk, error)
    return entered(desk, token, "/me")


@pages.post("/me/again")
@needs(Permission.account_write)
def sign_in_again(desk: AtDesk, password: Password) -> Response:
    """Sign in once more with the password, to end sign-ins."""
    try:
        if not desk.standing or not desk.token:
            raise Conflict("You sign in elsewhere, so there is no password to give here.")
        token = own_account.sign_in_again(
            desk.db, desk.token, password, address=desk.client, at=desk.at
        )
    except (Invalid, Conflict, TooMany) as error:
        return _refused(desk, error)
    return entered(desk, token, "/me")


@pages.post("/me/sign-ins/{sign_in_id}/end")
@needs(Permission.account_write)
def end_sign_in(desk: AtDesk, sign_in_id: Annotated[int, Path(ge=1, le=2**31 - 1)]) -> Response:
    """End one of one's sign-ins."""
    who = desk.visitor.name
    own_account.check_just_signed_in(desk.db, desk.token or "", at=desk.at)
    own_account.end_sign_in(desk.db, _user_id(desk), sign_in_id, actor=who, at=desk.at)
    return back_to(desk, "/me", "/me")


@pages.post("/me/sign-out-everywhere")
@needs(Permission.account_write)
def sign_out_everywhere(desk: AtDesk) -> Response:
    """End all of one's sign-ins, this one too."""
    who = desk.visitor.name
    own_account.check_just_signed_in(desk.db, desk.token or "", at=desk.at)
    own_account.sign_out_everywhere(desk.db, _user_id(desk), actor=who, at=desk.at)
    return left(desk, "/sign-in")


def _refused(desk: Desk, error: AppError) -> Response:
    if isinstance(error, TooMany):
        note(desk.request, "was asked too often")
    return _page(desk, str(error), status=REFUSED[type(error)])


def _page(desk: Desk, error: str = "", *, status: int = 200, saved: bool = False) -> Response:
    here = desk.standing.sign_in_id if desk.standing else None
    idle = moments(desk.at)["idle_since"]
    fresh = desk.at - own_account.JUST_NOW
    view = account(
        desk.reader, desk.user(), here=here, at=desk.at, idle_since=idle, fresh_since=fresh
    )
    page = whole_page(
        desk,
        "first_password/page.html" if desk.visitor.owed is PASSWORD else "me/page.html",
        view.model_copy(update={"error": error, "saved": saved}),
        status=status,
    )
    if status in RETRY_SECONDS:
        page.headers["retry-after"] = RETRY_SECONDS[status]
    return page


def _user_id(desk: Desk) -> int:
    user = desk.user()
    if user is None or user.id is None:
        raise NotFound("There is no account behind this request.")
    return user.id
