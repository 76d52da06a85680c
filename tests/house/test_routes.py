"""Every address has exactly one declared permission, and no read changes anything."""

import inspect

import pytest
from fastapi import Response
from fastapi.routing import iter_route_contexts

from app.config import Settings
from app.core.permissions import Permission
from app.main import Running, create_app

FRAMEWORK = {"/openapi.json", "/static"}
OPEN_TO_ALL = {
    "/sign-in",
    "/sign-in/demo",
    "/sign-in/code",  # the cookie of who gave the password, and the code, are the credentials
    "/sign-in/oidc",
    "/sign-in/oidc/back",
    "/sign-out",
    "/welcome",  # itself asks for source.write, but not while there is no administrator at all
    "/healthz",
    "/readyz",
    "/tv/{token}",  # the link is the credential
    "/tv/{token}/live",
    "/hooks/{source}",  # the signature over the body is the credential
}
LISTS_FOR_WRITERS = (
    "/sources",
    "/sources/new",
    "/run",
    "/people",
    "/outbox",
    "/privacy",
    "/wallboards",
    "/me/first-password",
    "/me/second-factor",
)
"""What only those may read who may change it."""


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    file = tmp_path_factory.mktemp("routes") / "routes.db"
    made = create_app(Settings(database_url=f"sqlite:///{file}"), Running(jobs=False))
    yield made
    made.state.engine.dispose()


@pytest.fixture(scope="module")
def routes(app):
    found = [each for each in iter_route_contexts(app.routes) if each.path not in FRAMEWORK]
    assert len(found) >= 35
    return found


def test_every_route_declares_one_permission(routes):
    undeclared = [
        (each.path, sorted(each.methods))
        for each in routes
        if not isinstance(getattr(each.endpoint, "permission", None), Permission)
    ]
    assert undeclared == []


def test_only_the_door_and_the_health_checks_are_open_to_anyone(routes):
    open_ones = {r.path for r in routes if r.endpoint.permission is Permission.anyone}
    assert open_ones == OPEN_TO_ALL


def test_what_changes_something_is_never_asked_for_with_get(routes):
    for each in routes:
        permission = each.endpoint.permission.value
        if "GET" in each.methods:
            assert each.methods <= {"GET", "HEAD"}, each.path
            assert permission.endswith((".read", "anyone")) or each.path.endswith(LISTS_FOR_WRITERS)
        else:
            assert not permission.endswith(".read"), each.path


def test_no_handler_runs_on_the_event_loop(routes):
    on_the_loop = [r.path for r in routes if inspect.iscoroutinefunction(r.endpoint)]
    assert on_the_loop == []


def test_what_the_api_changes_is_answered_with_bytes_that_can_be_kept(routes):
    writes = [r for r in routes if r.path.startswith("/api/") and "GET" not in r.methods]
    assert len(writes) >= 9
    for each in writes:
        assert inspect.signature(each.endpoint).return_annotation is Response, each.path


def test_every_api_route_has_a_documented_answer(app):
    for path, operations in app.openapi()["paths"].items():
        assert path.startswith("/api/v1/"), path
        for verb, operation in operations.items():
            assert operation.get("summary") or operation.get("description"), (verb, path)
