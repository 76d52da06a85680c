"""Every road that changes something leaves exactly one note: who, and what.

Not counted as notes: a refused sign-in (it stands in its own table for a minute, because a flood of
them must not fill the record), a test of a connection (nothing here changes), and a reading that
was asked for (the job that reads leaves its own note, under the source's name).
"""

import pytest
from sqlmodel import select

from app.core.references import own_names
from app.core.vocabulary import Phase, Role
from app.db.models import Activity, Bug, Customer, Ticket
from app.db.queries.bugs import keep_names
from tests import make
from tests.house.tree import ROOT
from tests.web.roads import address, roads

SAFE = {"GET", "HEAD", "OPTIONS"}
NOT_NOTED = {
    ("POST", "/sources/{name}/test"),
    ("POST", "/sources/{name}/sync"),
    ("POST", "/sources/{name}/dry-run"),  # it stores nothing of what it counts
    ("POST", "/welcome/dry-run"),
    ("POST", "/me/preferences"),  # how one's own pages look concerns nobody else
    ("POST", "/hooks/{source}"),  # a hint changes nothing by itself: decision 0020
}
STAFF_DOES = ("activate", "deactivate", "hand-over", "sign-out")
OUTBOX = ("/outbox/actions", "/outbox/live", "/outbox/words", "/bugs/{bug_id}/ship")
OUTBOX_API = ("approve", "cancel", "elsewhere", "recall")
STAFF = ("", "/{user_id}", *(f"/{{user_id}}/{do}" for do in STAFF_DOES))
VIEWS = ("", "/{view_id}", *(f"/{{view_id}}/{do}" for do in ("copy", "delete", "pin", "restore")))
LETTERS = ("letters/read", "letters/{letter_id}/read", "letters/{letter_id}/dismiss")
SECRETS = ("webhook-secret", "webhook-secret/finish")
HELD_ELSEWHERE = {
    "tests/web/test_wallboards.py": {
        ("POST", "/wallboards"),
        ("POST", "/api/v1/wallboards"),
        ("POST", "/wallboards/{wallboard_id}/revoke"),
        ("POST", "/api/v1/wallboards/{wallboard_id}/revoke"),
    },
    "tests/actions/test_telling.py": {
        *(("POST", path) for path in OUTBOX),
        *(("POST", f"/api/v1/outbox/{do}") for do in OUTBOX_API),
        ("POST", "/api/v1/bugs/{bug_id}/ship"),
    },
    "tests/web/test_staff.py": {
        *(("POST", f"/people{path}") for path in STAFF),
        ("POST", "/tokens"),
        ("POST", "/tokens/{token_id}/revoke"),
    },
    "tests/web/test_account.py": {
        ("POST", f"/me/{path}")
        for path in ("password", "again", "sign-ins/{sign_in_id}/end", "sign-out-everywhere")
    },
    "tests/web/test_second_factor.py": {
        *(("POST", f"/me/second-factor/{path}") for path in ("begin", "confirm", "codes", "end")),
        ("POST", "/sign-in/code"),
        ("POST", "/people/{user_id}/password"),
        ("POST", "/people/{user_id}/second-factor/end"),
    },
    "tests/web/test_undo.py": {
        ("POST", "/me/actions/{note_id}/undo"),
        ("POST", "/api/v1/activity/{note_id}/undo"),
    },
    "tests/web/test_ranking_page.py": {("POST", "/ranking"), ("POST", "/api/v1/ranking")},
    "tests/actions/test_planner_inputs.py": {
        ("POST", "/bugs/{bug_id}/estimate"),
        ("PUT", "/api/v1/bugs/{bug_id}/estimate"),
    },
    "tests/web/test_saved_views.py": {
        *(("POST", f"/views{path}") for path in VIEWS),
        ("POST", "/api/v1/views"),
        ("DELETE", "/api/v1/views/{view_id}"),
    },
    "tests/web/test_connecting.py": {
        ("POST", "/sources"),
        ("POST", "/sources/{name}/secret"),
        ("POST", "/welcome/import"),
    },
    "tests/actions/test_runs.py": {("POST", "/sources/{name}/stop")},
    "tests/web/test_dead_letters.py": {
        ("POST", f"/sources/{{name}}/{path}") for path in (*LETTERS, *SECRETS)
    },
}
"""Roads whose notes are read by the tests of their own actions."""
MARCH = {"name": "March", "starts_on": "2026-03-02", "ends_on": "2026-03-13"}
TEAMS = "teams:\n  - {key: payments, name: Payments, capacity_days: 9}\n"
DAYS = {"text": "60", "deliveries": "8", "audit": "400"}


@pytest.fixture
def world(db, sample):
    """A bug that is claimed, a link, a merged bug and a plan, each for the road that needs it."""
    link = make.link(db, db.get(Ticket, sample.loose), db.get(Bug, sample.bug))
    sample.link = link.id
    sample.customer = db.get(Customer, sample.rich).external_id
    second = db.get(Bug, sample.other)
    sample.other_key = second.key
    keep_names(db, [(second.id, n) for n in own_names(second.external_id, second.key, ())])
    pitch = make.sprint(db, phase=Phase.pitch, name="Next", slug="next")
    sample.pitch = pitch.slug
    db.rollback()
    return sample


def form(path, **data):
    return ("POST", path), {"data": data}


def api(path, **body):
    return ("POST", f"/api/v1{path}"), {"json": body}


def steps(world):
    """Every unsafe road in an order in which each succeeds: road, what is sent, what is filled."""
    return [*about_bugs(world), *about_the_rest(world), *about_people(world)]


def about_bugs(world):
    bug, team, into = "/bugs/{bug_id}", world.team, world.other_key
    return [
        (*form(f"{bug}/claim", team_id=team), {}),
        (*form(f"{bug}/release"), {}),
        (*form("/s/{slug}/bulk", do="claim", bug_ids=[world.bug], to_team=""), {}),
        (*form("/me/actions/undo"), {}),
        (*api("/bugs/bulk", do="assign", bug_ids=[world.bug], team_id=team), {}),
        (*api(f"{bug}/claim", team_id=team), {}),
        (*api(f"{bug}/release"), {}),
        (*form(f"{bug}/claim", team_id=team), {}),
        (*form(f"{bug}/resolve"), {}),
        (*form(f"{bug}/reopen"), {}),
        (*api(f"{bug}/claim", team_id=team), {}),
        (*api(f"{bug}/resolve"), {}),
        (*api(f"{bug}/reopen"), {}),
        (*form(f"{bug}/decline", why="too large"), {}),
        (*api(f"{bug}/decline", why="too large"), {"bug": world.other}),
        (*form(f"{bug}/merge", into=into), {}),
        (*form(f"{bug}/unmerge"), {}),
        (*api(f"{bug}/merge", into=into), {}),
        (*api(f"{bug}/unmerge"), {}),
    ]


def about_the_rest(world):
    coming = {"slug": world.pitch}
    return [
        (*form("/tickets/actions", ticket_ids=[world.ticket], do="tag", tag="vip"), {}),
        (*form("/links/{link_id}", importance="2"), {}),
        (*api("/links", ticket_ids=[world.loose], bug_id=world.other), {}),
        (("PUT", "/api/v1/links/{link_id}"), {"json": {"state": "rejected"}}, {}),
        (*form("/teams/import", yaml=TEAMS), {}),
        (*form("/teams/{team_id}", capacity_days="5", focus_factor="0.5"), {}),
        (*form("/sprints", **MARCH), {}),
        (*form("/s/{slug}/plan/choice", choice_share="20"), coming),
        (*form("/s/{slug}/plan/mark", bug_id=world.bug, do="decline", why="no"), coming),
        (*form("/s/{slug}/plan/commit"), coming),
        (*form("/s/{slug}/phase", phase="review"), {}),
        (*form("/sources/{name}/pause"), {}),
        (*form("/sources/{name}/resume"), {}),
    ]


def about_people(world):
    whom = {"kind": "customer", "name": world.customer}
    return [
        (*form("/privacy/retention", **DAYS), {}),
        (*form("/privacy/about", **whom), {}),
        (*form("/privacy/erase", again=world.customer, **whom), {}),
        (*form("/sign-out"), {}),
    ]


def test_every_road_that_changes_something_leaves_exactly_one_note(app, world, sign_in, look):
    app.state.scrub_soon = lambda: None
    visitor = sign_in(Role.admin, name="Ada Admin")
    walked = set()
    for road, sent, filled in steps(world):
        seen = newest(look)
        path = address(road[1], with_names(world, filled))
        answer = visitor.request(road[0], path, **sent)
        assert answer.status_code < 400, (road, answer.status_code, answer.text[-300:])
        notes = look(select(Activity).where(Activity.id > seen).order_by(Activity.id))
        assert [note.actor for note in notes] == ["Ada Admin"], (road, [n.verb for n in notes])
        walked.add(road)
    unsafe = {(m, p) for m, p, _ in roads(app) if m not in SAFE}
    elsewhere = {("POST", "/sign-in"), ("POST", "/sign-in/demo"), *NOT_NOTED}

    held = set().union(*HELD_ELSEWHERE.values())
    assert unsafe - walked - elsewhere == held
    assert all((ROOT / file).is_file() for file in HELD_ELSEWHERE)


def newest(look):
    return max(look(select(Activity.id)), default=0)


def with_names(world, filled):
    names = vars(world) | filled
    return type(world)(**names)


def test_signing_in_leaves_a_note_and_a_refusal_leaves_none(client, db, look):
    from app.actions.passwords import sealed  # noqa: PLC0415 - argon2 is loaded only here

    right = "a right one for Ann"
    stored = sealed(right, email="ann@example.com")
    make.user(db, Role.viewer, email="ann@example.com", name="Ann", password_hash=stored)
    db.rollback()
    for password, status in (("wrong one", 422), (right, 303)):
        said = {"email": "ann@example.com", "password": password}
        assert client.post("/sign-in", data=said).status_code == status
    assert [(n.actor, n.verb) for n in look(select(Activity))] == [("Ann", "signed_in")]


def test_a_refused_change_leaves_no_note(world, sign_in, look):
    visitor = sign_in(Role.viewer)
    seen = newest(look)
    for road, sent, filled in steps(world)[:-1]:
        path = address(road[1], with_names(world, filled))
        assert visitor.request(road[0], path, **sent).status_code == 403, road
    assert newest(look) == seen
