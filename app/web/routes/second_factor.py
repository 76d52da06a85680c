"""The second factor: asked for at the door, set up and turned off on a page of one's own."""

import logging
from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from app.actions import second_factor
from app.actions.second_factor import MINUTES, Asking, opened
from app.actions.vault import Vault
from app.core.errors import AppError, Conflict, Invalid, NotFound, TooMany
from app.core.permissions import Permission
from app.views.second_factor import factor_page
from app.web.cookies import entered, give, local, take
from app.web.desk import AtDesk, Desk, needs
from app.web.door import door
from app.web.errors import RETRY_SECONDS, STATUS, note, request_id
from app.web.faces import whole_page
from app.web.visitors import FACTOR

log = logging.getLogger("bugsprint.sign_in")
pages = APIRouter(include_in_schema=False)
Password = Annotated[str, Form(max_length=1024)]
Code = Annotated[str, Form(max_length=60)]
Next = Annotated[str, Form(max_length=500)]
HERE = "/me/second-factor"


class CodeDoor(BaseModel):
    """The second door: where somebody wants to go, and what went wrong."""

    next: str
    error: str = ""


def owing(desk: Desk, token: str, place: str) -> Response:
    """Send somebody who gave the password on to the code; a cookie knows the browser again."""
    answer = RedirectResponse(f"/sign-in/code?{urlencode({'next': local(place)})}", 303)
    give(desk, answer, _cookie(desk), token, seconds=int(MINUTES.total_seconds()))
    return answer


@pages.get("/sign-in/code")
@needs(Permission.anyone)
def code_page(desk: AtDesk, next: Annotated[str, Query(max_length=500)] = "/") -> Response:
    """Ask for the code."""
    return whole_page(desk, "code/page.html", CodeDoor(next=local(next)))


@pages.post("/sign-in/code")
@needs(Permission.anyone)
def give_code(desk: AtDesk, code: Code, next: Next = "/") -> Response:
    """Let somebody in who knew the password and has the code."""
    asking = Asking(desk.request.cookies.get(_cookie(desk), ""), desk.client, desk.at)
    try:
        token = second_factor.come_in(
            desk.db, asking, code, vault=_vault(desk), replaces=desk.token
        )
    except NotFound as error:
        return door(desk, next, str(error), status=422)
    except (Invalid, TooMany) as error:
        number = request_id(desk.request)
        log.warning("request %s: a code from %s was refused: %s", number, desk.client, error.code)
        view = CodeDoor(next=local(next), error=str(error))
        return _patient(whole_page(desk, "code/page.html", view, status=STATUS[type(error)]))
    answer = entered(desk, token, next)
    take(desk, answer, _cookie(desk))
    return answer


@pages.get(HERE)
@needs(Permission.account_secure)
def mine(desk: AtDesk) -> Response:
    """Show one's second factor."""
    return _page(desk)


@pages.post(f"{HERE}/begin")
@needs(Permission.account_secure)
def begin(desk: AtDesk, password: Password) -> Response:
    """Make a secret for an authenticator."""
    return _answered(
        desk, lambda asking: second_factor.begin(desk.db, asking, password, vault=_vault(desk))
    )


@pages.post(f"{HERE}/confirm")
@needs(Permission.account_secure)
def confirm(desk: AtDesk, code: Code) -> Response:
    """Let an authenticator count, and show the recovery codes this once."""
    return _answered(
        desk, lambda asking: second_factor.confirm(desk.db, asking, code, vault=_vault(desk))
    )


@pages.post(f"{HERE}/codes")
@needs(Permission.account_secure)
def renew(desk: AtDesk, password: Password, code: Code) -> Response:
    """Make new recovery codes, and show them this once."""
    return _answered(
        desk,
        lambda asking: second_factor.renew_codes(
            desk.db, asking, password, code, vault=_vault(desk)
        ),
    )


@pages.post(f"{HERE}/end")
@needs(Permission.account_secure)
def end(desk: AtDesk, password: Password, code: Code) -> Response:
    """Go without a second factor again."""
    return _answered(
        desk, lambda asking: second_factor.end(desk.db, asking, password, code, vault=_vault(desk))
    )


def _answered(desk: Desk, act: Callable[[Asking], list[str] | None]) -> Response:
    """Act, and show what came of it: codes at once, since they are shown only this once."""
    try:
        codes = act(_asking(desk))
    except (Invalid, Conflict, TooMany) as error:
        return _page(desk, error)
    return RedirectResponse(HERE, 303) if codes is None else _page(desk, codes=codes)


def _page(desk: Desk, error: AppError | None = None, *, codes: list[str] | None = None) -> Response:
    if isinstance(error, TooMany):
        note(desk.request, "was asked too often")
    desk.after  # noqa: B018 - what was just written shows
    user = desk.user() if desk.standing else None
    view = factor_page(desk.reader, user, lambda found: opened(found, _vault(desk)))
    more = {
        "codes": codes or [],
        "demanded": desk.request.app.state.second_factor,
        "owed": desk.visitor.owed is FACTOR and not codes,
        "error": str(error) if error else "",
    }
    status = STATUS[type(error)] if error else 200
    answer = whole_page(
        desk, "second_factor/page.html", view.model_copy(update=more), status=status
    )
    return _patient(answer)


def _patient(answer: Response) -> Response:
    if answer.status_code in RETRY_SECONDS:
        answer.headers["retry-after"] = RETRY_SECONDS[answer.status_code]
    return answer


def _asking(desk: Desk) -> Asking:
    if not desk.standing or not desk.token:
        raise Conflict("You sign in elsewhere, so there is no second factor to keep here.")
    return Asking(desk.token, desk.client, desk.at)


def _vault(desk: Desk) -> Vault:
    vault: Vault = desk.request.app.state.connect.vault
    return vault


def _cookie(desk: Desk) -> str:
    return f"{desk.cookie_name}-code"
