"""The cursor export of tickets, page by page."""

import httpx
import pytest

from integrations.errors import Denied, Misconfigured, Unavailable, Unreadable
from tests.integrations.given import NOON
from tests.integrations.zendesk.desk import CURSOR, Desk, exported, ticket

TOO_RECENT = "Too recent start_time. Use a start_time older than 1 minute"


def ids(pages):
    return [record.external_id for page in pages for record in page.records]


def test_the_walk_follows_zendesks_cursor_to_the_end_of_the_stream():
    desk = Desk({CURSOR: [exported(ticket(1), cursor="c1", end=False), exported(ticket(2))]})
    desk.script[CURSOR][1]["after_cursor"] = "c2"
    pages = desk.pages("tickets")
    assert (ids(pages), [page.position for page in pages]) == (["1", "2"], ["c1", "c2"])
    first, second = desk.params(CURSOR)
    assert (first["start_time"], first["per_page"]) == ("0", "1000")
    assert second["cursor"] == "c1" and "start_time" not in second
    assert first["include"] == "users,organizations,metric_sets"


def test_the_next_run_starts_from_the_stored_cursor_and_never_from_a_time():
    desk = Desk({CURSOR: [exported(cursor="c9")]})
    assert desk.pages("tickets", "c8")[0].position == "c9"
    assert desk.params(CURSOR)[0]["cursor"] == "c8"


def test_a_null_cursor_keeps_the_position():
    desk = Desk({CURSOR: [exported(cursor=None)]})
    assert desk.pages("tickets", "c8")[0].position == "c8"


def test_a_cursor_that_stands_still_before_the_end_does_not_loop():
    desk = Desk({CURSOR: [exported(ticket(1), cursor="c8", end=False)]})
    with pytest.raises(Unreadable, match="does not move on"):
        desk.pages("tickets", "c8")


def test_the_first_run_starts_at_the_wanted_day_but_never_too_recently():
    desk = Desk({CURSOR: [exported()]}, start="2026-10-01")
    desk.pages("tickets")
    assert desk.params(CURSOR)[0]["start_time"] == "1790812800"
    desk = Desk({CURSOR: [exported()]}, start="2026-11-05")
    desk.pages("tickets")
    assert int(desk.params(CURSOR)[0]["start_time"]) <= NOON.timestamp() - 60


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(422, json={"error": "InvalidValue", "description": TOO_RECENT}),
        httpx.Response(422, text=TOO_RECENT),
    ],
)
def test_too_recent_means_nothing_new(answer):
    assert Desk({CURSOR: [answer]}).pages("tickets", "c8") == []


@pytest.mark.parametrize("status", [400, 422])
def test_a_refused_cursor_says_how_to_start_anew(status):
    body = {"error": "InvalidValue", "description": "cursor is not valid"}
    desk = Desk({CURSOR: [httpx.Response(status, json=body)]})
    with pytest.raises(Misconfigured, match="bugsprint sync NAME --full"):
        desk.pages("tickets", "broken")


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "0"}, {"Retry-After": "13"}])
@pytest.mark.parametrize(
    "body",
    [
        b'{"error":"APIRateLimitExceeded","description":"Number of allowed requests exceeded"}',
        b"Number of allowed API requests per minute exceeded",
        b'{"detail":"Rate limited by Zendesk edge protection","status":"429"}',
    ],
)
def test_a_rate_limit_is_waited_out_whatever_its_body(body, headers):
    busy = httpx.Response(429, content=body, headers=headers)
    desk = Desk({CURSOR: [busy, busy, exported(ticket(1))]})
    assert ids(desk.pages("tickets")) == ["1"]
    assert len(desk.given.slept) == 2 and min(desk.given.slept) >= 0.5


def test_a_page_that_comes_too_late_is_halved_and_stays_halved():
    late = httpx.ReadTimeout("late")
    pages = [late, late, exported(ticket(1), cursor="c1", end=False), exported(ticket(2))]
    desk = Desk({CURSOR: pages})
    assert ids(desk.pages("tickets", "c0")) == ["1", "2"]
    asked = [(found["per_page"], found["cursor"]) for found in desk.params(CURSOR)]
    assert asked == [("1000", "c0"), ("500", "c0"), ("250", "c0"), ("250", "c1")]


def test_pages_that_are_always_late_end_as_unavailable():
    desk = Desk({CURSOR: [httpx.ReadTimeout("late")]})
    with pytest.raises(Unavailable, match="did not answer within"):
        desk.pages("tickets")
    assert desk.params(CURSOR)[-1]["per_page"] == "25"


def test_a_refusal_closes_only_this_stream():
    said = {"error": {"title": "Forbidden", "message": "You do not have access to this page."}}
    desk = Desk({CURSOR: [httpx.Response(403, json=said)]})
    with pytest.raises(Denied, match="You do not have access"):
        desk.pages("tickets")


@pytest.mark.parametrize("body", [b"<html></html>", b"null", b'{"tickets": [{"id": 1', b"[]"])
def test_strange_pages_are_unreadable(body):
    with pytest.raises(Unreadable):
        Desk({CURSOR: [httpx.Response(200, content=body)]}).pages("tickets")


def test_organisations_beside_the_tickets_are_handed_on_once_and_before_them():
    organisation = {"id": 5, "name": "Acme", "updated_at": "2026-01-01T00:00:00Z"}
    first = exported(ticket(1), end=False, cursor="c1", organizations=[organisation])
    desk = Desk({CURSOR: [first, exported(ticket(2), cursor="c2", organizations=[organisation])]})
    assert ids(desk.pages("tickets")) == ["5", "1", "2"]
    desk.script[CURSOR] = [first]
    first["end_of_stream"] = True
    assert ids(desk.pages("tickets")) == ["5", "1"]
