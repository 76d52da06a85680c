"""The client's manners, one exchange at a time."""

import gzip
import logging
import traceback

import httpx
import pytest

from integrations.errors import Denied, Misconfigured, SourceError, Unavailable, Unreadable
from integrations.http import Http, TimedOut
from tests.integrations.given import Given

SECRET = "s3cr3t-canary-token"


class Script:
    """Gives the prepared answers one after the other, the last one for ever."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def __call__(self, request):
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, dict | list):
            return httpx.Response(200, json=answer)
        return answer


def made(*answers, given=None, **more):
    script = Script(*answers)
    given = given or Given()
    client = Http(
        "https://desk.example.com/api",
        around=given.around,
        name="Desk",
        headers={"Authorization": f"Bearer {SECRET}"},
        secrets=(SECRET,),
        transport=httpx.MockTransport(script),
        **more,
    )
    return client, script, given


def test_an_answer_gives_status_headers_and_json():
    client, script, _ = made(httpx.Response(200, json={"a": 1}, headers={"X-Rate-Limit": "700"}))
    answer = client.get("things", params={"page": 2})
    assert (answer.status, answer.json(dict[str, int])) == (200, {"a": 1})
    assert answer.headers["x-rate-limit"] == "700"
    assert str(script.asked[0].url) == "https://desk.example.com/api/things?page=2"
    assert script.asked[0].headers["authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_asked_again(status):
    client, script, given = made(httpx.Response(status), httpx.Response(status), {"ok": True})
    assert client.get("/x").json() == {"ok": True}
    assert len(script.asked) == 3
    assert all(0.5 <= pause <= 4 for pause in given.slept)


@pytest.mark.parametrize("error", [httpx.ReadError("x"), httpx.RemoteProtocolError("cut")])
def test_a_broken_connection_is_asked_again(error):
    client, _, _ = made(error, error, {"ok": True})
    assert client.get("/x").json() == {"ok": True}


def test_six_refusals_for_rate_are_unavailable_with_the_seconds_to_wait():
    client, script, _ = made(httpx.Response(429, headers={"Retry-After": "7"}))
    with pytest.raises(Unavailable, match=r"desk\.example\.com.*429") as caught:
        client.get("/x")
    assert (len(script.asked), caught.value.retry_after) == (6, 7.0)


@pytest.mark.parametrize(
    "header, least, most",
    [
        ("7", 7, 8),
        ("0", 0.5, 1),
        ("Mon, 02 Nov 2026 12:00:20 GMT", 20, 21),
        ("Mon, 02 Nov 2026 11:00:00 GMT", 0.5, 1),
        ("soon", 0.5, 1),
        ("", 0.5, 1),
    ],
)
def test_retry_after_may_be_seconds_a_date_or_nonsense(header, least, most):
    client, _, given = made(httpx.Response(429, headers={"Retry-After": header}), {"ok": True})
    client.get("/x")
    assert least <= given.slept[0] <= most


def test_a_wait_that_is_too_long_is_not_waited():
    client, script, given = made(httpx.Response(429, headers={"Retry-After": "3600"}))
    with pytest.raises(Unavailable) as caught:
        client.get("/x")
    assert (given.slept, len(script.asked), caught.value.retry_after) == ([], 1, 3600.0)


def test_a_spent_quota_that_answers_403_is_waited_for():
    reset = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(1793620800 + 30)}
    client, _, given = made(httpx.Response(403, headers=reset), {"ok": True})
    assert client.get("/x").json() == {"ok": True}
    assert 30 <= given.slept[0] <= 31


@pytest.mark.parametrize(
    "status, kind",
    [
        (401, Misconfigured),
        (403, Denied),
        (404, Unreadable),
        (410, Unreadable),
        (422, Unreadable),
        (302, Misconfigured),
    ],
)
def test_a_refusal_says_who_can_mend_it_and_is_not_repeated(status, kind):
    body = {"error": {"title": "Forbidden", "message": "Missing scopes: read"}}
    client, script, _ = made(httpx.Response(status, json=body))
    with pytest.raises(kind, match=rf"desk\.example\.com/api/x .*{status}.*Missing scopes: read"):
        client.get("/x?q=private")
    assert len(script.asked) == 1


@pytest.mark.parametrize("status", [304, 404, 410, 422, 302, 401])
def test_an_expected_status_is_handed_back(status):
    client, _, _ = made(httpx.Response(status))
    assert client.get("/x", expect=(200, status)).status == status


def test_a_redirect_is_not_followed():
    elsewhere = httpx.Response(302, headers={"Location": "https://desk.example.com/api/y"})
    client, script, _ = made(elsewhere)
    client.get("/x", expect=(302,))
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example.net/api/x",
        "http://desk.example.com/api/x",
        "https://desk.example.com:8443/api/x",
        "https://desk.example.com@evil.example.net/",
        "https://user:pass@desk.example.com/x",
        "//evil.example.net/x",
    ],
)
def test_a_next_link_elsewhere_never_gets_our_credentials(link):
    client, script, _ = made({})
    with pytest.raises(Unreadable, match="credentials are only sent to"):
        client.get(link)
    assert script.asked == []


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (rb"half \ud83d a letter", "half \ufffd a letter"),
        (rb"\udc00\ud83d\ude00", "\ufffd😀"),
        (rb"\\ud83d is no escape, \ud83d is", "\\ud83d is no escape, \ufffd is"),
    ],
)
def test_half_a_letter_spoils_itself_and_not_the_page(written, read):
    client, script, _ = made(httpx.Response(200, content=b'{"a": "' + written + b'"}'))
    assert client.get("/api/x").json() == {"a": read}
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    "body", [b"<html>maintenance</html>", b"null", b"", b'{"a": [1, 2', b'"text"']
)
def test_a_spoiled_body_is_asked_for_again_and_then_unreadable(body):
    client, script, _ = made(httpx.Response(200, content=body))
    with pytest.raises(Unreadable, match="whole JSON"):
        client.get("/x")
    assert len(script.asked) == 4
    client, _, _ = made(httpx.Response(200, content=body), {"ok": True})
    assert client.get("/x").json() == {"ok": True}


@pytest.mark.parametrize(
    "answer, remedy",
    [
        (
            httpx.Response(200, content=b"\n<!doctype html><p>Sign in"),
            "web page: check the address",
        ),
        (httpx.Response(200, content=b'{"a": [1, 2'), "try again later"),
        (httpx.Response(502), "try again later"),
        (httpx.Response(404, content=b"<html>No help desk found</html>"), "check the address"),
        (httpx.ReadError("cut"), "try again later"),
        (httpx.ReadTimeout("late"), "try again later"),
    ],
)
def test_every_failure_says_what_to_do_and_quotes_no_web_page(answer, remedy):
    client, _, _ = made(answer)
    with pytest.raises(SourceError, match=remedy) as caught:
        client.get("/x")
    assert "<" not in str(caught.value)


def test_an_address_without_tls_names_the_setting_that_allows_it():
    around = Given().around
    with pytest.raises(Misconfigured, match=r"127\.0\.0\.1:81 .*BUGSPRINT_ALLOWED_PRIVATE_HOSTS"):
        Http("http://127.0.0.1:81", around=around, name="Desk").get("/x")


def test_a_wrong_shape_is_unreadable():
    client, _, _ = made({"a": "text"})
    with pytest.raises(Unreadable, match=r"unknown shape.*\$"):
        client.get("/x").json(dict[str, int])


def test_a_body_is_capped_after_decompression():
    bomb = gzip.compress(b"[" + b" " * 3_000_000 + b"]")
    packed = httpx.Response(200, content=bomb, headers={"Content-Encoding": "gzip"})
    client, _, _ = made(packed, max_bytes=1024 * 1024)
    with pytest.raises(Unreadable, match="more than 1 MiB"):
        client.get("/x")


def test_each_kind_of_failure_has_its_own_number_of_tries():
    spoiled = httpx.Response(200, content=b"null")
    client, _, _ = made(*[httpx.Response(503)] * 4, spoiled, {"ok": True})
    assert client.get("/x").json() == {"ok": True}


def test_timeouts_are_told_apart_and_have_their_own_number_of_tries():
    client, script, _ = made(httpx.ReadTimeout("late"), timeouts=2)
    with pytest.raises(TimedOut):
        client.get("/x")
    assert len(script.asked) == 2


def test_a_post_is_only_repeated_when_it_surely_was_not_acted_upon():
    client, script, _ = made(httpx.Response(500), {"ok": True})
    with pytest.raises(Unavailable):
        client.post_json("/x", {"a": 1})
    assert len(script.asked) == 1
    for first in (httpx.Response(429), httpx.ConnectError("refused")):
        client, script, _ = made(first, {"ok": True})
        assert client.post_json("/x", {"a": 1}).json() == {"ok": True}
        assert script.asked[1].content == b'{"a":1}'


def test_headers_and_pace_are_asked_for_before_each_try():
    paced: list[str] = []
    numbers = iter(range(9))
    client, script, _ = made(httpx.Response(503), {}, pace=paced.append)
    client.headers = lambda: {"X-Try": str(next(numbers))}
    client.get("/x")
    assert [request.headers["x-try"] for request in script.asked] == ["0", "1"]
    assert paced == ["/api/x", "/api/x"]


def test_cookies_are_not_kept():
    client, script, _ = made(httpx.Response(200, json={}, headers={"Set-Cookie": "sid=1"}))
    client.get("/x")
    client.get("/x")
    assert "cookie" not in script.asked[1].headers


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(401, json={"error": f"bad token {SECRET}"}),
        httpx.Response(403, text=f"no {SECRET}"),
        httpx.Response(418, json={"message": SECRET}),
        httpx.Response(429, json={"description": SECRET}),
        httpx.Response(200, text=f"<p>{SECRET}"),
        httpx.ConnectError(f"no {SECRET}"),
        httpx.ReadTimeout(SECRET),
        httpx.LocalProtocolError(f"Illegal header value b'Bearer {SECRET}'"),
    ],
)
def test_no_secret_is_ever_told(answer, caplog):
    caplog.set_level(logging.DEBUG)
    client, _, _ = made(answer)
    with pytest.raises((Misconfigured, Unavailable, Unreadable)) as caught:
        client.get(f"/x?token={SECRET}")
    told = "".join(traceback.format_exception(caught.value)) + repr(client) + caplog.text
    assert SECRET not in told


def test_credentials_that_cannot_be_sent_are_the_operators_to_mend():
    client, _, _ = made({}, given=Given())
    client.headers = {"Authorization": "Bearer schlüssel"}
    with pytest.raises(Misconfigured, match="cannot be sent") as caught:
        client.get("/x")
    assert "schlüssel" not in "".join(traceback.format_exception(caught.value))
