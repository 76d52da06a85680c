"""Signing in through the identity provider: there, and back."""

import logging
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from app.actions import joining, people
from app.actions.joining import Vouched
from app.core.errors import AppError, NotFound, TooMany
from app.core.permissions import Permission
from app.web.cookies import entered, give, local, take
from app.web.desk import AtDesk, Desk, needs
from app.web.door import door
from integrations.errors import SourceError
from integrations.oidc.attempt import Attempt
from integrations.oidc.provider import Provider
from integrations.oidc.tokens import Refused

pages = APIRouter(include_in_schema=False)
SECONDS = 600
"""How long somebody may take to sign in over there."""
OUT_OF_ORDER = (
    "The identity provider cannot be asked just now; try again in a minute. "
    "An administrator finds the reason in the log."
)
log = logging.getLogger("bugsprint.sign_in")


@pages.get("/sign-in/oidc")
@needs(Permission.anyone)
def leave(desk: AtDesk, next: Annotated[str, Query(max_length=500)] = "/") -> Response:
    """Send somebody to the identity provider; a cookie remembers the attempt.

    Only who pressed the button on our own page: a link elsewhere leads to that page.
    """
    provider = _provider(desk)
    if desk.request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
        return RedirectResponse(f"/sign-in?{urlencode({'next': local(next)})}", 303)
    attempt = Attempt.new()
    desk.close()
    try:
        answer = RedirectResponse(provider.begin(attempt), 303)
    except SourceError as error:
        return _out_of_order(desk, next, error)
    kept = f"{int(desk.at.timestamp())}.{attempt.secret}.{local(next).encode().hex()}"
    give(desk, answer, _cookie(desk), kept, seconds=SECONDS)
    return answer


@pages.get("/sign-in/oidc/back")
@needs(Permission.anyone)
def come_back(desk: AtDesk) -> Response:
    """Let somebody in whom the provider vouches for; the attempt is over in any case."""
    _provider(desk)
    attempt, place = _remembered(desk)
    answer = _let_in(desk, attempt, place)
    take(desk, answer, _cookie(desk))
    return answer


def _let_in(desk: Desk, attempt: Attempt | None, place: str) -> Response:
    if attempt is None:
        return door(desk, place, "This sign-in took too long or was begun elsewhere.", status=422)
    try:
        token = _token(desk, attempt)
    except Refused as error:
        log.warning("a sign-in was refused: %s", error)
        return door(desk, place, str(error), status=422)
    except SourceError as error:
        return _out_of_order(desk, place, error)
    except TooMany as error:
        return door(desk, place, str(error), status=429)
    except AppError as error:
        return door(desk, place, str(error), status=403)
    return entered(desk, token, place)


def _token(desk: Desk, attempt: Attempt) -> str:
    counted = people.count_attempt(desk.db, None, address=desk.client, at=desk.at)
    desk.close()  # nothing of the database stays open while the provider is asked
    person = _provider(desk).finish(attempt, dict(desk.request.query_params))
    return joining.come_in(
        desk.db,
        Vouched(
            subject=person.subject,
            email=person.email,
            verified=person.email_verified,
            name=person.name,
            groups=person.groups,
        ),
        role_map=desk.request.app.state.role_map,
        at=desk.at,
        replaces=desk.token,
        counted=counted,
    )


def _out_of_order(desk: Desk, place: str, error: SourceError) -> Response:
    log.error("the identity provider cannot be used: %s", error)
    return door(desk, place, OUT_OF_ORDER, status=503)


def _provider(desk: Desk) -> Provider:
    found: Provider | None = desk.request.app.state.provider
    if found is None:
        raise NotFound("No identity provider is set up here.")
    return found


def _cookie(desk: Desk) -> str:
    return f"{desk.cookie_name}-attempt"


def _remembered(desk: Desk) -> tuple[Attempt | None, str]:
    """Return the attempt that this browser began a while ago, and where it wanted to go."""
    kept = desk.request.cookies.get(_cookie(desk), "").split(".")
    if len(kept) != 3 or not kept[0].isdecimal():
        return None, "/"
    try:
        place = bytes.fromhex(kept[2]).decode()
    except ValueError:
        return None, "/"
    fresh = 0 <= int(desk.at.timestamp()) - int(kept[0]) <= SECONDS
    return (Attempt(kept[1]) if fresh and len(kept[1]) >= 43 else None), place
