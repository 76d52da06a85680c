"""Every road into the application: method, address, permission."""

import re
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

Road = tuple[str, str, str | None]
NOBODY = 999_999  # nobody's number, so that trying a road out changes nobody


def roads(app: FastAPI) -> list[Road]:
    """Return method, address and declared permission of every route of ours."""
    return sorted(
        (method, route.path, getattr(route.endpoint, "permission", None))
        for route in app.routes
        if isinstance(route, APIRoute)
        for method in sorted(route.methods or ())
    )


def address(path: str, sample: Any) -> str:
    """Fill an address with the ids of a sample."""
    names = {
        "slug": sample.slug,
        "bug_id": sample.bug,
        "link_id": getattr(sample, "link", 1),
        "team_id": sample.team,
        "name": sample.source,
        "user_id": NOBODY,
        "sign_in_id": NOBODY,
        "token_id": NOBODY,
        "view_id": NOBODY,
        "note_id": NOBODY,
        "wallboard_id": NOBODY,
    }
    for name, value in names.items():
        path = path.replace(f"{{{name}}}", str(value))
    return path


def filled(path: str, value: object) -> str:
    """Fill every name in an address with the same value."""
    return re.sub(r"\{\w+\}", str(value), path)
