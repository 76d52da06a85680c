"""The description of the API says how one signs in, and every way in which it may say no."""

from collections.abc import Iterator
from threading import Lock
from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from app.core.errors import Invalid

REFUSALS = {
    "400": "The body cannot be read at all.",
    "401": "Nobody is signed in, or the token is not valid any more.",
    "403": "The role or the token may not do this, or a browser asked from another site.",
    "404": "There is no such thing.",
    "409": "Somebody was first, or the state forbids it; the title says who and when.",
    "413": "The request is too large.",
    "422": "The request makes no sense; the title names the field.",
    "429": "Too many requests; wait a minute.",
    "503": "The database is busy, and nothing was changed; send it again.",
}
PROBLEM = {
    "title": "Problem",
    "description": "Why not, in a sentence for people (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "instance": {"type": "string", "description": "The id of the request."},
    },
}


# The framework fails when two threads describe the same routes at once, as first requests may.
_one_at_a_time = Lock()
_known: dict[tuple[str, object], list[str]] = {}


def describe(app: FastAPI, cookie: str) -> None:
    """Let the application describe itself with these refusals and ways to sign in."""

    def described() -> dict[str, Any]:
        with _one_at_a_time:
            if app.openapi_schema is None:
                app.openapi_schema = _complete(_plain(app), cookie)
            return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _plain(app: FastAPI) -> dict[str, Any]:
    return get_openapi(
        title=app.title, version=app.version, routes=app.routes, separate_input_output_schemas=True
    )


def _complete(said: dict[str, Any], cookie: str) -> dict[str, Any]:
    parts = said.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = PROBLEM
    parts["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "browser": {"type": "apiKey", "in": "cookie", "name": cookie},
    }
    said["security"] = [{"token": []}, {"browser": []}]
    for operation in _operations(said):
        operation["responses"] |= {code: _refusal(code) for code in REFUSALS}
    return said


def _operations(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for ways in said["paths"].values():
        yield from ways.values()


def _refusal(code: str) -> dict[str, Any]:
    problem = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": REFUSALS[code],
        "content": {"application/problem+json": {"schema": problem}},
    }


def refuse_unknown(request: Request) -> None:
    """Refuse what programs ask that the description does not know, lest it be ignored unseen."""
    if not request.scope["query_string"]:
        return
    known = _parameters(request.scope["route"])
    for name in request.query_params:
        if known is not None and name not in known:
            choice = f"known: {', '.join(known)}" if known else "there are none"
            raise Invalid(f"There is no parameter “{name[:80]}” here; {choice}.")
        if len(request.query_params.getlist(name)) > 1:
            raise Invalid(f"The parameter “{name[:80]}” is given twice; give it once.")


def described_ways(app: FastAPI, path: str) -> list[str]:
    """Return the methods of the API at exactly this path, without describing all the others."""
    ours = (each for each in app.routes if isinstance(each, APIRoute) and each.path == path)
    return sorted(way for route in ours if route.include_in_schema for way in route.methods or ())


def _parameters(route: APIRoute) -> list[str] | None:
    """Return what may be asked of a route; None for one that is not described."""
    if not route.include_in_schema:
        return None
    place = (route.path, route.endpoint)
    if place not in _known:
        with _one_at_a_time:
            said = get_openapi(title="One route", version="1", routes=[route])
        (operation,) = _operations(said)
        asked = operation.get("parameters", ())
        _known[place] = [each["name"] for each in asked if each["in"] == "query"]
    return _known[place]
