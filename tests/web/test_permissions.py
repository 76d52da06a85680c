"""Who may use which road, written down once more and compared with what the routes say."""

import pytest

from app.core.vocabulary import Role
from tests.web.roads import address, roads

V, E, S, X, A = Role.viewer, Role.engineer, Role.support_lead, Role.exec, Role.admin
EVERYBODY = {V, E, S, X, A}
NOBODY_NEEDED = {None, *EVERYBODY}
WORKERS, TRIAGE, READERS, ADMIN = {E, S, A}, {S, A}, {E, S, A}, {A}

EXPECTED = {
    ("GET", "/"): EVERYBODY,
    ("GET", "/board"): EVERYBODY,
    ("GET", "/s/{slug}/board"): EVERYBODY,
    ("GET", "/live"): EVERYBODY,
    ("GET", "/live/poll"): EVERYBODY,
    ("GET", "/tv"): EVERYBODY,
    ("GET", "/live/tv"): EVERYBODY,
    ("GET", "/tv/{token}"): NOBODY_NEEDED,
    ("GET", "/tv/{token}/live"): NOBODY_NEEDED,
    ("GET", "/wallboards"): ADMIN,
    ("POST", "/wallboards"): ADMIN,
    ("POST", "/wallboards/{wallboard_id}/revoke"): ADMIN,
    ("GET", "/api/v1/wallboards"): ADMIN,
    ("POST", "/api/v1/wallboards"): ADMIN,
    ("POST", "/api/v1/wallboards/{wallboard_id}/revoke"): ADMIN,
    ("GET", "/api/v1/board"): EVERYBODY,
    ("GET", "/api/v1/board.csv"): EVERYBODY,
    ("GET", "/filters/complete"): EVERYBODY,
    ("GET", "/api/v1/views"): EVERYBODY,
    ("POST", "/api/v1/views"): EVERYBODY,
    ("DELETE", "/api/v1/views/{view_id}"): EVERYBODY,
    ("POST", "/views"): EVERYBODY,
    ("POST", "/views/{view_id}"): EVERYBODY,
    ("POST", "/views/{view_id}/delete"): EVERYBODY,
    ("POST", "/views/{view_id}/restore"): EVERYBODY,
    ("POST", "/views/{view_id}/copy"): EVERYBODY,
    ("POST", "/views/{view_id}/pin"): TRIAGE,
    ("POST", "/s/{slug}/bulk"): WORKERS,
    ("POST", "/api/v1/bugs/bulk"): WORKERS,
    ("GET", "/palette"): EVERYBODY,
    ("GET", "/keys"): EVERYBODY,
    ("GET", "/bugs/{bug_id}/peek"): EVERYBODY,
    ("GET", "/me/actions"): EVERYBODY,
    ("GET", "/api/v1/me/actions"): EVERYBODY,
    ("POST", "/me/actions/undo"): WORKERS,
    ("POST", "/me/actions/{note_id}/undo"): WORKERS,
    ("POST", "/api/v1/activity/{note_id}/undo"): WORKERS,
    ("GET", "/bugs/{bug_id}"): EVERYBODY,
    ("GET", "/api/v1/bugs/{bug_id}"): EVERYBODY,
    ("GET", "/api/v1/bugs"): EVERYBODY,
    ("GET", "/api/v1/customers"): EVERYBODY,
    ("GET", "/api/v1/links"): READERS,
    ("POST", "/bugs/{bug_id}/claim"): WORKERS,
    ("POST", "/bugs/{bug_id}/release"): WORKERS,
    ("POST", "/bugs/{bug_id}/resolve"): WORKERS,
    ("POST", "/bugs/{bug_id}/reopen"): WORKERS,
    ("POST", "/bugs/{bug_id}/ship"): WORKERS,
    ("POST", "/api/v1/bugs/{bug_id}/ship"): WORKERS,
    ("POST", "/bugs/{bug_id}/decline"): WORKERS,
    ("POST", "/bugs/{bug_id}/merge"): TRIAGE,
    ("POST", "/bugs/{bug_id}/unmerge"): TRIAGE,
    ("POST", "/api/v1/bugs/{bug_id}/claim"): WORKERS,
    ("POST", "/api/v1/bugs/{bug_id}/release"): WORKERS,
    ("POST", "/api/v1/bugs/{bug_id}/resolve"): WORKERS,
    ("POST", "/api/v1/bugs/{bug_id}/reopen"): WORKERS,
    ("POST", "/api/v1/bugs/{bug_id}/decline"): WORKERS,
    ("POST", "/api/v1/bugs/{bug_id}/merge"): TRIAGE,
    ("POST", "/api/v1/bugs/{bug_id}/unmerge"): TRIAGE,
    ("POST", "/bugs/{bug_id}/estimate"): ADMIN,
    ("PUT", "/api/v1/bugs/{bug_id}/estimate"): ADMIN,
    ("GET", "/ranking"): EVERYBODY,
    ("GET", "/api/v1/ranking"): EVERYBODY,
    ("POST", "/ranking"): ADMIN,
    ("POST", "/api/v1/ranking"): ADMIN,
    ("GET", "/tickets"): READERS,
    ("GET", "/api/v1/tickets"): READERS,
    ("POST", "/tickets/actions"): WORKERS,
    ("POST", "/links/{link_id}"): TRIAGE,
    ("POST", "/api/v1/links"): WORKERS,
    ("PUT", "/api/v1/links/{link_id}"): TRIAGE,
    ("GET", "/teams"): EVERYBODY,
    ("GET", "/api/v1/teams"): EVERYBODY,
    ("POST", "/teams/import"): ADMIN,
    ("POST", "/teams/{team_id}"): ADMIN,
    ("GET", "/sprints"): EVERYBODY,
    ("GET", "/api/v1/sprints"): EVERYBODY,
    ("GET", "/s/{slug}/plan"): EVERYBODY,
    ("GET", "/api/v1/sprints/{slug}/plan"): EVERYBODY,
    ("POST", "/sprints"): ADMIN,
    ("POST", "/s/{slug}/phase"): ADMIN,
    ("POST", "/s/{slug}/plan/choice"): ADMIN,
    ("POST", "/s/{slug}/plan/mark"): ADMIN,
    ("POST", "/s/{slug}/plan/commit"): ADMIN,
    ("GET", "/s/{slug}/impact"): EVERYBODY,
    ("GET", "/s/{slug}/impact/details"): EVERYBODY,
    ("GET", "/s/{slug}/impact.csv"): EVERYBODY,
    ("GET", "/api/v1/reports/{slug}/impact"): EVERYBODY,
    ("GET", "/sources"): ADMIN,
    ("GET", "/api/v1/sources"): ADMIN,
    ("POST", "/sources"): ADMIN,
    ("GET", "/sources/new"): ADMIN,
    ("GET", "/sources/{name}/run"): ADMIN,
    ("POST", "/sources/{name}/dry-run"): ADMIN,
    ("POST", "/sources/{name}/stop"): ADMIN,
    ("POST", "/sources/{name}/secret"): ADMIN,
    ("GET", "/welcome"): {None, A},  # nobody: only while no person is known at all
    ("POST", "/welcome/dry-run"): ADMIN,
    ("POST", "/welcome/import"): ADMIN,
    ("POST", "/sources/{name}/pause"): ADMIN,
    ("POST", "/sources/{name}/resume"): ADMIN,
    ("POST", "/sources/{name}/sync"): ADMIN,
    ("POST", "/sources/{name}/test"): ADMIN,
    ("POST", "/sources/{name}/webhook-secret"): ADMIN,
    ("POST", "/sources/{name}/webhook-secret/finish"): ADMIN,
    ("POST", "/sources/{name}/letters/read"): ADMIN,
    ("POST", "/sources/{name}/letters/{letter_id}/read"): ADMIN,
    ("POST", "/sources/{name}/letters/{letter_id}/dismiss"): ADMIN,
    ("POST", "/hooks/{source}"): NOBODY_NEEDED,
    ("GET", "/outbox"): TRIAGE,
    ("GET", "/api/v1/outbox"): TRIAGE,
    ("POST", "/outbox/actions"): TRIAGE,
    ("POST", "/api/v1/outbox/approve"): TRIAGE,
    ("POST", "/api/v1/outbox/recall"): TRIAGE,
    ("POST", "/api/v1/outbox/cancel"): TRIAGE,
    ("POST", "/api/v1/outbox/elsewhere"): TRIAGE,
    ("POST", "/outbox/live"): ADMIN,
    ("POST", "/outbox/words"): ADMIN,
    ("GET", "/audit"): ADMIN,
    ("GET", "/audit.csv"): ADMIN,
    ("GET", "/audit.jsonl"): ADMIN,
    ("GET", "/privacy"): ADMIN,
    ("POST", "/privacy/retention"): ADMIN,
    ("POST", "/privacy/about"): ADMIN,
    ("POST", "/privacy/erase"): ADMIN,
    ("GET", "/api/v1/activity"): ADMIN,
    ("GET", "/me"): EVERYBODY,
    ("POST", "/me/password"): EVERYBODY,
    ("POST", "/me/preferences"): EVERYBODY,
    ("POST", "/me/sign-ins/{sign_in_id}/end"): EVERYBODY,
    ("GET", "/people"): ADMIN,
    ("POST", "/people"): ADMIN,
    ("POST", "/people/{user_id}"): ADMIN,
    ("POST", "/people/{user_id}/deactivate"): ADMIN,
    ("POST", "/people/{user_id}/activate"): ADMIN,
    ("POST", "/people/{user_id}/sign-out"): ADMIN,
    ("POST", "/people/{user_id}/hand-over"): ADMIN,
    ("POST", "/tokens"): ADMIN,
    ("POST", "/tokens/{token_id}/revoke"): ADMIN,
    ("POST", "/me/sign-out-everywhere"): EVERYBODY,
    ("POST", "/me/again"): EVERYBODY,
    ("GET", "/me/first-password"): EVERYBODY,
    ("GET", "/me/second-factor"): EVERYBODY,
    ("POST", "/me/second-factor/begin"): EVERYBODY,
    ("POST", "/me/second-factor/confirm"): EVERYBODY,
    ("POST", "/me/second-factor/codes"): EVERYBODY,
    ("POST", "/me/second-factor/end"): EVERYBODY,
    ("POST", "/people/{user_id}/password"): ADMIN,
    ("POST", "/people/{user_id}/second-factor/end"): ADMIN,
    ("GET", "/sign-in"): NOBODY_NEEDED,
    ("POST", "/sign-in"): NOBODY_NEEDED,
    ("POST", "/sign-in/demo"): NOBODY_NEEDED,
    ("GET", "/sign-in/code"): NOBODY_NEEDED,
    ("POST", "/sign-in/code"): NOBODY_NEEDED,
    ("GET", "/sign-in/oidc"): NOBODY_NEEDED,
    ("GET", "/sign-in/oidc/back"): NOBODY_NEEDED,
    ("POST", "/sign-out"): NOBODY_NEEDED,
    ("GET", "/healthz"): NOBODY_NEEDED,
    ("GET", "/readyz"): NOBODY_NEEDED,
}
ORGANISED = {
    ("GET", "/wallboards"),
    ("POST", "/wallboards"),
    ("POST", "/wallboards/{wallboard_id}/revoke"),
    ("GET", "/api/v1/wallboards"),
    ("POST", "/api/v1/wallboards"),
    ("POST", "/api/v1/wallboards/{wallboard_id}/revoke"),
    ("POST", "/teams/import"),
    ("POST", "/teams/{team_id}"),
    ("POST", "/sprints"),
    ("POST", "/s/{slug}/phase"),
    ("POST", "/s/{slug}/plan/choice"),
    ("POST", "/s/{slug}/plan/mark"),
    ("POST", "/s/{slug}/plan/commit"),
    ("POST", "/bugs/{bug_id}/estimate"),
    ("PUT", "/api/v1/bugs/{bug_id}/estimate"),
    ("POST", "/ranking"),
    ("POST", "/api/v1/ranking"),
    ("POST", "/views/{view_id}/pin"),
    ("GET", "/outbox"),
    ("GET", "/api/v1/outbox"),
    ("POST", "/outbox/actions"),
    ("POST", "/api/v1/outbox/approve"),
    ("POST", "/api/v1/outbox/recall"),
    ("POST", "/api/v1/outbox/cancel"),
    ("POST", "/api/v1/outbox/elsewhere"),
}
"""What the organiser of a sprint may do besides."""
FLOOR = 125
FAREWELLS = {("POST", "/sign-out"), ("POST", "/me/sign-out-everywhere")}
"""After these one is nobody, so they are tried out last."""
ENDLESS = {("GET", "/live"), ("GET", "/live/tv")}
"""Answers that never end are asked for by a role that is refused only."""


def test_every_road_declares_one_permission_and_stands_in_the_table(app):
    found = roads(app)
    assert [(method, path) for method, path, permission in found if permission is None] == []
    assert {(method, path) for method, path, _ in found} == EXPECTED.keys()
    assert len(found) >= FLOOR


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role or "nobody")
def test_a_role_passes_where_the_table_says_and_is_refused_elsewhere(
    app, client, sign_in, sample, role
):
    visitor = client if role is None else sign_in(role, team_id=sample.team)
    for road, roles in in_order():
        assert passes(visitor, road, sample, role in roles) == (role in roles), road


@pytest.mark.parametrize("role", [Role.engineer, Role.support_lead, Role.exec])
def test_an_organiser_may_besides_plan_and_nothing_else(app, sign_in, sample, role):
    visitor = sign_in(role, organiser=True, team_id=sample.team)
    for road, roles in in_order():
        wanted = role in roles or road in ORGANISED
        assert passes(visitor, road, sample, wanted) == wanted, road


def test_a_viewer_who_is_called_organiser_still_only_reads(sign_in, sample):
    visitor = sign_in(Role.viewer, organiser=True)
    assert not any(passes(visitor, road, sample, wanted=False) for road in ORGANISED)


@pytest.mark.parametrize(
    "scope, good, bad",
    [
        ("board.read", ("GET", "/api/v1/board"), ("POST", "/api/v1/bugs/{bug_id}/claim")),
        ("bug.claim", ("POST", "/api/v1/bugs/{bug_id}/claim"), ("GET", "/api/v1/board")),
        ("link.write", ("PUT", "/api/v1/links/{link_id}"), ("GET", "/api/v1/tickets")),
        ("ticket.read", ("GET", "/api/v1/tickets"), ("PUT", "/api/v1/links/{link_id}")),
    ],
)
def test_a_program_may_do_what_its_scope_names_only(client, sample, token, scope, good, bad):
    client.headers["authorization"] = f"Bearer {token(scope)}"
    assert passes(client, good, sample, wanted=True)
    assert not passes(client, bad, sample, wanted=False)


def in_order():
    return sorted(EXPECTED.items(), key=lambda entry: entry[0] in FAREWELLS)


def passes(visitor, road, sample, wanted) -> bool:
    """Knock at a road; True unless the door says 401, 403, or sends one to sign in."""
    if wanted and road in ENDLESS:
        return True
    method, path = road
    answer = visitor.request(method, address(path, sample))
    assert answer.status_code < 500, (road, answer.text)
    to_door = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?")
    return answer.status_code not in {401, 403} and not to_door
