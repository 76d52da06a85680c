"""Every road into the application: method, address, permission."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

Road = tuple[str, str, str | None]


def roads(app: FastAPI) -> list[Road]:
    """Return method, address and declared permission of every route of ours."""
    return sorted(
        (method, route.path, getattr(route.endpoint, "permission", None))
        for route in _routes(app.routes)
        for method in sorted(route.methods or ())
    )


def _routes(routes: Any) -> Iterator[APIRoute]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from _routes(route.original_router.routes)


def address(path: str, sample: Any) -> str:
    """Fill an address with the ids of a sample."""
    names = {
        "slug": sample.slug,
        "bug_id": sample.bug,
        "link_id": getattr(sample, "link", 1),
        "team_id": sample.team,
        "name": sample.source,
    }
    for name, value in names.items():
        path = path.replace(f"{{{name}}}", str(value))
    return path
