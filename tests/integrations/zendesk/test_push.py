"""Writing to tickets: what a message says goes out as it is, and only then in public."""

import json

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.errors import Misconfigured, SourceError, Unreadable
from integrations.http import Http
from integrations.zendesk.push import Messenger
from tests.integrations.given import Given
from tests.integrations.zendesk.desk import OPTIONS, TOKEN

TICKET = "/api/v2/tickets/7"
COMMENTS = f"{TICKET}/comments"
STAMP = "2026-10-02T10:00:00Z"
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=300)


class Account:
    """Answers reads from `comments`, writes from `answers`, and keeps what was written."""

    def __init__(self, *answers, comments=(), status="open"):
        self.answers, self.pages, self.status = list(answers), comments, status
        self.written = []
        self.given = Given()
        transport = httpx.MockTransport(self._answer)
        self.messenger = Messenger(OPTIONS, self.given.around, transport=transport)

    def _answer(self, request):
        path = request.url.path
        if path == "/oauth/tokens":
            self.scope = json.loads(request.content)["scope"]
            return httpx.Response(200, json={"access_token": TOKEN, "expires_in": 1800})
        if request.method == "GET":
            return httpx.Response(200, json=self._read(path, request.url.params))
        self.written.append((request.method, path, json.loads(request.content)))
        answer = self.answers.pop(0) if self.answers else httpx.Response(200, json={})
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _read(self, path, params):
        if path == TICKET:
            row = {"id": 7, "status": self.status, "updated_at": STAMP, "tags": ["one"]}
            return {"ticket": row}
        page = int(params.get("page[after]", "0"))
        more = page + 1 < len(self.pages)
        found = self.pages[page] if self.pages else []
        meta = {"has_more": more, "after_cursor": str(page + 1)}
        return {"comments": [{"body": text} for text in found], "meta": meta}

    def say(self, body="Fixed.", *, public=False):
        return self.messenger.comment("7", body=body, public=public, stamp=STAMP)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(TEXTS, st.booleans())
def test_what_is_sent_is_the_text_as_it_is_and_public_only_when_it_says_so(body, public):
    account = Account()
    assert account.say(body, public=public).outcome == "sent"
    ((method, path, sent),) = account.written
    assert (method, path) == ("PUT", TICKET)
    guard = {"safe_update": "true", "updated_stamp": STAMP}
    assert sent == {"ticket": {"comment": {"body": body, "public": public}, **guard}}


def test_whether_it_is_public_has_to_be_said():
    with pytest.raises(TypeError, match="public"):
        Account().messenger.comment("7", body="Hi", stamp=STAMP)


def test_tags_are_added_and_never_replaced():
    account = Account()
    account.messenger.add_tags("7", tags=["fix-released"], stamp=STAMP)
    ((method, path, sent),) = account.written
    assert (method, path, sent["tags"]) == ("PUT", f"{TICKET}/tags", ["fix-released"])


@pytest.mark.parametrize(
    "answer, outcome",
    [
        (httpx.Response(409, json={"error": "UpdateConflict"}), "conflict"),
        (httpx.Response(422, json={"error": "RecordInvalid"}), "refused"),
        (httpx.Response(404), "refused"),
        (httpx.Response(403, json={"error": "Missing scope"}), "refused"),
        (httpx.Response(500), "lost"),
        (httpx.Response(503, headers={"retry-after": "1"}), "lost"),
        (httpx.Response(200, text="<html>"), "lost"),
        (httpx.Response(200, text="null"), "lost"),
        (httpx.ReadTimeout("late"), "lost"),
        (httpx.RemoteProtocolError("cut"), "lost"),
        (httpx.Response(302, headers={"location": "https://elsewhere.example"}), "lost"),
    ],
    ids=lambda value: str(getattr(value, "status_code", value)),
)
def test_what_came_of_a_write_is_told_apart_and_nothing_is_sent_twice(answer, outcome):
    account = Account(answer)
    assert account.say().outcome == outcome
    assert len(account.written) == 1


@pytest.mark.parametrize("wait", [httpx.Response(429), httpx.ConnectError("refused")])
def test_what_surely_did_not_arrive_is_tried_again_and_then_left_for_later(wait):
    account = Account(wait)
    assert account.say().outcome == "sent"
    assert len(account.written) == 2
    account = Account(wait, wait)
    assert account.say().outcome == "later"


def test_a_token_that_ended_is_renewed_for_a_write():
    account = Account(httpx.Response(401))
    assert account.say().outcome == "sent"
    assert account.scope == "read tickets:write"


def test_a_marker_is_found_on_any_page_and_the_stamp_is_of_before():
    account = Account(comments=[["Hello"] * 100, ["Thanks", "Fixed.\n\nReference BSP-A"]])
    seen = account.messenger.look("7", "BSP-A")
    assert (seen.marked, seen.stamp, seen.answerable) == (True, STAMP, True)
    assert not account.messenger.look("7", "BSP-B").marked
    closed = Account(status="closed").messenger.look("7", "BSP-A")
    assert (closed.marked, closed.answerable, closed.tags) == (False, False, {"one"})


def test_a_thread_too_long_to_look_through_is_not_taken_for_one_without_the_marker():
    account = Account(comments=[["Hello"]] * 60)
    with pytest.raises(Unreadable, match="more comments"):
        account.messenger.look("7", "BSP-A")


def test_what_only_reads_refuses_to_write():
    reading = Http("https://acme.example", around=Given().around, name="Zendesk")
    with pytest.raises(Misconfigured, match="only read"):
        reading.put_json("/api/v2/tickets/7", {})
    with pytest.raises(SourceError):
        reading.put_json("/", {})
