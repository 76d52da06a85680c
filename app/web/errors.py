"""Say no in the caller's language: problem+json under /api, a small page elsewhere."""

import logging
from collections.abc import Mapping
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from sqlalchemy.exc import DataError, OperationalError
from starlette.exceptions import HTTPException

from app.core.complaints import complaint
from app.core.errors import (
    AppError,
    Busy,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    TooMany,
    UnderWay,
)
from app.core.permissions import Permission
from app.db.engine import trouble
from app.web.desk import Desk
from app.web.guards import fixed_headers
from app.web.openapi import described_ways
from app.web.rendering import render
from app.web.texts import PATTERNS
from app.web.visitors import SignInNeeded, Unfinished

STATUS: dict[type[AppError], int] = {
    NotFound: 404,
    Conflict: 409,
    UnderWay: 409,
    Forbidden: 403,
    SignInNeeded: 401,
    Unfinished: 403,
    TooMany: 429,
    Invalid: 422,
    Busy: 503,
}
RETRY_SECONDS: dict[int | str, str] = {503: "1", 429: "60", UnderWay.code: "1"}
log = logging.getLogger("bugsprint")


def install(app: FastAPI) -> None:
    """Answer every refusal with its status, and anything unforeseen with a plain sentence."""
    app.add_exception_handler(AppError, _refuse)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OperationalError, _database)
    app.add_exception_handler(DataError, _unstorable)
    app.add_exception_handler(Exception, _last_resort)


def answer(request: Request, status: int, code: str, title: str) -> Response:
    """Return a refusal: JSON for programs, a fragment for htmx, a page for people."""
    request_id = request.scope.get("state", {}).get("request_id", "")
    problem = {"type": code, "title": title, "status": status, "instance": request_id}
    wait = RETRY_SECONDS.get(status) or RETRY_SECONDS.get(code)
    headers = {"Retry-After": wait} if wait else {}
    if request.url.path.startswith(("/api/", "/hooks/")):
        return JSONResponse(problem, status, headers, media_type="application/problem+json")
    name = "refused.html" if "hx-request" in request.headers else "problem/page.html"
    body = render(name, view=problem)
    return Response(body, status, headers, media_type="text/html; charset=utf-8")


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, AppError)
    return _refusal(request, error)


def request_id(request: Request) -> str:
    """Return the number under which a request's lines stand in the log."""
    found: str = request.scope.get("state", {}).get("request_id", "")
    return found


def note(request: Request, what: str) -> None:
    """Leave a line under the request's number; it names the route, and nothing that was sent."""
    road = getattr(request.scope.get("route"), "path", "")
    log.warning("%s: %s %s %s", _asked(request), request.method, road, what)


def _asked(request: Request) -> str:
    """Name a request by its number and by who asked, as far as that is known already."""
    who = request.scope.get("state", {}).get("asker", "nobody known")
    return f"request {request_id(request)} of {who}"


def _refusal(request: Request, error: AppError) -> Response:
    if isinstance(error, Forbidden) and not isinstance(error, SignInNeeded):
        note(request, "was forbidden")
    if isinstance(error, TooMany):
        note(request, "was asked too often")
    wants_page = request.method == "GET" and not request.url.path.startswith("/api/")
    if isinstance(error, SignInNeeded) and wants_page and "hx-request" not in request.headers:
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?next={quote(here)}", 303)
    if isinstance(error, Unfinished) and wants_page and "hx-request" not in request.headers:
        return RedirectResponse(error.place, 303)
    return answer(request, STATUS[type(error)], error.code, str(error))


def _malformed(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    refused = _refused_anyway(request)
    if refused:
        return refused
    first = error.errors()[0]
    wrong_address = first["loc"][0] == "path"
    if wrong_address and (ways := described_ways(request.app, request.url.path)):
        # A word of ours where another address has a number; this method is none of its own.
        return _answered(request, 405, {"Allow": ", ".join(ways)})
    note(request, "made no sense")
    if wrong_address and not request.url.path.startswith("/api/"):
        return _answered(request, 404, {})
    where = ".".join(str(part) for part in first["loc"][1:]) or "the request"
    return answer(request, 422, "invalid", f"{where}: {complaint(first, PATTERNS)}.")


def _refused_anyway(request: Request) -> Response | None:
    """Refuse those who may not use this route before telling what is wrong with their request."""
    endpoint = getattr(request.scope.get("route"), "endpoint", None)
    desk = Desk(request)
    try:
        desk.admit(getattr(endpoint, "permission", Permission.anyone))
    except Forbidden as error:
        return _refusal(request, error)
    finally:
        desk.close()
    return None


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _answered(request, error.status_code, error.headers or {}, error.detail)


def _answered(
    request: Request, status: int, headers: Mapping[str, str], detail: str = ""
) -> Response:
    words = {404: "There is nothing at this address.", 405: "This address does not take that."}
    made = answer(request, status, "http", words.get(status, detail))
    made.headers.update(headers)
    return made


async def _database(request: Request, error: Exception) -> Response:
    assert isinstance(error, OperationalError)
    passing = trouble(error)
    if passing:
        return answer(request, 503, *passing)
    return await _unforeseen(request, error)


async def _unstorable(request: Request, error: Exception) -> Response:
    assert isinstance(error, DataError)
    return answer(request, 422, "invalid", "The request has a character that cannot be stored.")


async def _last_resort(request: Request, error: Exception) -> Response:
    """Dress the answer here: the framework makes it outside of the guards."""
    made, app = await _unforeseen(request, error), request.app.state
    made.headers.update(fixed_headers(app.base_url, below=app.hsts_subdomains))
    made.headers["x-request-id"] = request.scope.get("state", {}).get("request_id", "")
    made.headers["cache-control"] = "no-store"
    return made


async def _unforeseen(request: Request, error: Exception) -> Response:
    log.error("%s failed: %s", _asked(request), type(error).__name__, exc_info=error)
    title = (
        "Something went wrong here, and nothing was changed. "
        f"Name request {request_id(request)} to us."
    )
    return answer(request, 500, "error", title)
