"""The description of the API says of every text which ones are refused, on both databases alike."""

import re

import pytest

from app.core.vocabulary import Role
from app.web.texts import FILTER, LINE, NO_NUL
from tests.web import roads

FREE = 14
WORDS = "one two three four five six seven eight"
ODD = [
    *("", " ", "\n", "\x00", "\x1c", "\x85", "\u2028", "a\x00b", "a\nb", "a\x7f", " a "),
    *('"', "\\", "%", "_", "’; --", WORDS),
]  # fmt: skip
NO_FILTER = [f"{WORDS} nine", "stat:open", "state:odd", "sort:score sort:key", "tickets>many"]


def test_every_text_that_the_description_allows_is_taken_and_no_other(sign_in, sample):
    visitor, seen, taken, refused = sign_in(Role.admin), 0, 0, 0
    for ask, about in _texts(visitor, sample):
        seen += 1
        filters = about.get("format") == FILTER["format"]
        longest = "x" * about["maxLength"]
        for text in (*ODD, longest, f"{longest}x", *NO_FILTER):
            allowed = _allows(about, text) and not (filters and text in NO_FILTER)
            answer = ask(text)
            said = (about, repr(text), answer.status_code, answer.text[:200])
            assert answer.status_code < 500, said
            assert (answer.status_code != 422) is allowed, said
            taken, refused = taken + allowed, refused + (not allowed)
    assert (seen, taken > 50, refused > 50) == (FREE, True, True)


def test_a_refusal_says_in_words_what_a_text_has_to_be(sign_in, sample):
    visitor = sign_in(Role.admin)
    empty = visitor.post("/api/v1/wallboards", json={"label": "\n"}).json()
    assert empty["title"] == "label: it has to be one line that is not empty."
    lost = visitor.get("/api/v1/bugs?q=%00").json()
    assert lost["title"] == "q: it has a character that cannot be looked for."


def test_no_refusal_speaks_as_the_framework_does(sign_in, sample):
    visitor = sign_in(Role.admin)
    said = visitor.get("/openapi.json").json()
    titles = []
    for method, at, operation in _operations(said, sample):
        for each in operation.get("parameters", ()):
            if each["in"] == "query":
                for odd in ("many", "-1", "9" * 5000):
                    titles.append(_title(visitor.request(method, at, params={each["name"]: odd})))
        for odd in ({}, [], "word", {"odd": 1}, _wrong_kinds(said, operation)):
            titles.append(_title(visitor.request(method, at, json=odd)))
    refused = [title for title in titles if title]
    assert len(refused) > 150
    theirs = re.compile("Input|Field required|String|Value error|should|valid ")
    assert [title for title in refused if theirs.search(title)] == []


@pytest.mark.parametrize("text", ["a", " a ", "a b", "é", "a\u2028"])
def test_a_line_may_have_spaces_around_it(text):
    assert re.search(LINE, text)
    assert re.search(NO_NUL, text)


def _allows(about, text):
    """Say whether a description allows a text, as a program that checks it before would."""
    if not about.get("minLength", 0) <= len(text) <= about.get("maxLength", 10**6):
        return False
    return re.search(about.get("pattern", "").replace("$", r"\Z"), text) is not None


def _texts(visitor, sample):
    """Yield of every free text how to ask with it, and what is said of it."""
    said = visitor.get("/openapi.json").json()
    for method, at, operation in _operations(said, sample):
        for each in operation.get("parameters", ()):
            if each["in"] == "query" and _free(each["schema"]):
                yield _by_query(visitor, method, at, each["name"]), each["schema"]
        about = _body(said, operation)
        for field, each in about.get("properties", {}).items():
            if _free(each):
                rest = {need: "x" for need in about["required"] if need != field}
                yield _by_body(visitor, method, at, field, rest), each


def _operations(said, sample):
    for path, ways in said["paths"].items():
        for method, operation in ways.items():
            yield method, roads.address(path, sample), operation


def _body(said, operation):
    """Return what is said of an operation's JSON, or nothing."""
    body = operation.get("requestBody", {}).get("content", {})
    name = body.get("application/json", {}).get("schema", {}).get("$ref", "")
    found = said["components"]["schemas"].get(name.rpartition("/")[2], {})
    assert isinstance(found, dict)
    return found


def _wrong_kinds(said, operation):
    return {name: {"odd": []} for name in _body(said, operation).get("properties", {})}


def _title(answer):
    return answer.json()["title"] if answer.status_code == 422 else ""


def _free(about):
    return about.get("type") == "string" and "enum" not in about


def _by_query(visitor, method, at, name):
    return lambda text: visitor.request(method, at, params={name: text})


def _by_body(visitor, method, at, field, rest):
    return lambda text: visitor.request(method, at, json={**rest, field: text})
