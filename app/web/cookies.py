"""The two cookies of ours: the sign-in's, and the one of an attempt to sign in elsewhere."""

from fastapi import Response
from fastapi.responses import RedirectResponse

from app.actions import people
from app.web.desk import Desk

FORGET = '"cache", "storage"'


def entered(desk: Desk, token: str, place: str) -> Response:
    """Answer somebody who came in: with the sign-in's cookie, back to where they wanted to go."""
    answer = RedirectResponse(local(place), 303)
    give(desk, answer, desk.cookie_name, token, seconds=int(people.ABSOLUTE.total_seconds()))
    return answer


def left(desk: Desk, place: str = "/") -> Response:
    """Answer somebody who signed out: the browser forgets what it keeps of this site."""
    answer = RedirectResponse(place, 303, {"clear-site-data": FORGET})
    take(desk, answer, desk.cookie_name)
    return answer


def give(desk: Desk, answer: Response, name: str, value: str, *, seconds: int) -> None:
    """Set a cookie that no script reads, and that no other site's form brings along."""
    answer.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        secure=_secure(desk),
        httponly=True,
        samesite="lax",
    )


def take(desk: Desk, answer: Response, name: str) -> None:
    """Remove a cookie."""
    answer.delete_cookie(name, path="/", secure=_secure(desk), httponly=True, samesite="lax")


def local(place: str) -> str:
    """Return an address of ours, whatever was asked for."""
    good = place.startswith("/") and not place.startswith(("//", "/\\")) and "\n" not in place
    return place if good else "/"


def _secure(desk: Desk) -> bool:
    base_url: str = desk.request.app.state.base_url
    return base_url.startswith("https://")
