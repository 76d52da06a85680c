"""Whatever is asked, the answer is a refusal that can be read, never an error of ours."""

import re
from html import escape

import httpx
from sqlmodel import func, select

from app.core.vocabulary import Role
from app.db.models import Activity
from tests.house.tree import ROOT
from tests.web.serving import served

HUGE = 2**63
TEMPLATES = ROOT / "templates"
MARCH = {"starts_on": "2026-03-02", "ends_on": "2026-03-03"}
JSON = {"content-type": "application/json"}
ODD = [
    ("GET", f"/bugs/{HUGE}", {}),
    ("GET", "/bugs/0", {}),
    ("GET", "/bugs/x", {}),
    ("GET", f"/api/v1/bugs/{10**30}", {}),
    ("GET", "/api/v1/bugs?q=%00", {}),
    ("GET", "/api/v1/bugs?q=" + "x" * 5_000, {}),
    ("GET", "/s/%00/board", {}),
    ("GET", "/s/nowhere/board", {}),
    ("GET", "/s/nowhere/impact.csv", {}),
    ("GET", "/api/v1/board?limit=501", {}),
    ("GET", "/api/v1/board?after=x", {}),
    ("GET", "/api/v1/board?after=1-99999999999999999999999", {}),
    ("GET", "/api/v1/board?state=odd", {}),
    ("GET", "/api/v1/tickets?after=99999999999999999999", {}),
    ("GET", "/tickets?q=%25_%00", {}),
    ("GET", "/api/v1/activity?after=0", {}),
    ("POST", f"/teams/{HUGE}", {"data": {"capacity_days": "1"}}),
    ("POST", "/teams/1", {"data": {"capacity_days": "nan"}}),
    ("POST", "/teams/1", {"data": {"capacity_days": "1e400"}}),
    ("POST", "/teams/1", {"data": {"focus_factor": "nan"}}),
    ("POST", "/teams/import", {"data": {"yaml": "\x00"}}),
    ("POST", "/teams/import", {"data": {"yaml": "[" * 2_000}}),
    ("POST", "/sprints", {"data": {"name": "\x00", **MARCH}}),
    ("POST", "/sprints", {"data": {"name": "ü", **MARCH}}),
    ("POST", "/sign-in", {"data": {"email": "a\x00@b", "password": "x"}}),
    ("POST", "/tickets/actions", {"data": {"ticket_ids": [HUGE], "do": "tag", "tag": "a"}}),
    ("POST", "/tickets/actions", {"data": {"ticket_ids": [1], "do": "tag", "tag": "\x00"}}),
    ("POST", "/tickets/actions", {"data": {"ticket_ids": [1], "do": "link", "bug": "\x00"}}),
    ("POST", "/api/v1/bugs/1/decline", {"json": {"why": "\x00"}}),
    ("POST", "/api/v1/bugs/1/claim", {"json": {"team_id": HUGE}}),
    ("POST", "/api/v1/bugs/1/claim", {"json": {"team_id": 1, "who": "me"}}),
    ("POST", "/api/v1/bugs/1/claim", {"content": b"{", "headers": JSON}),
    ("POST", "/api/v1/bugs/1/merge", {"json": {"into": "id:\x00"}}),
    ("POST", "/api/v1/links", {"json": {"ticket_ids": [], "bug_id": 1}}),
    ("POST", "/api/v1/links", {"json": {"ticket_ids": [1] * 501, "bug_id": 1}}),
    ("PUT", "/api/v1/links/1", {"json": {"importance": 4}}),
    ("PUT", "/api/v1/links/1", {"json": {"state": "told"}}),
    ("GET", "/sources/%00/test", {}),
    ("POST", "/sources/%00/pause", {}),
]  # fmt: skip


def test_odd_input_is_refused_in_a_sentence(sign_in, sample):
    visitor = sign_in(Role.admin)
    for method, path, more in ODD:
        answer = visitor.request(method, path, **more)
        assert answer.status_code < 500, (method, path, more)
        # One of the two databases can store a NUL; refusing it is the other one's business.
        if "\x00" not in str(more) and "%00" not in path and "\\x00" not in str(more):
            assert answer.status_code >= 400, (method, path, more)
        if path.startswith("/api/") and answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["title"].strip()


def test_a_word_in_a_numbers_place_is_an_address_that_does_not_take_that(app, sign_in, sample):
    visitor = sign_in(Role.admin)
    answer = visitor.get("/api/v1/bugs/bulk")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert visitor.get("/api/v1/bugs/else").status_code == 422
    assert visitor.get("/api/v1/bugs", params={"limit": "many"}).status_code == 422
    # To describe the whole API takes half a second, which nobody's mistake is worth.
    assert app.openapi_schema is None


def test_a_word_in_a_numbers_place_is_no_page_and_says_nothing_untrue(sign_in, sample):
    visitor = sign_in(Role.admin)
    for path in ("/bugs/else", "/nowhere"):
        answer = visitor.get(path)
        assert answer.status_code == 404
        assert "There is nothing at this address." in answer.text
        assert "No sprint yet" not in answer.text


def test_a_team_that_is_not_there_is_not_found(sign_in, sample):
    visitor = sign_in(Role.admin)
    for team, status in (("payments", 200), ("none", 200), ("Payments", 200), ("x:y", 404)):
        assert visitor.get("/api/v1/board", params={"team": team}).status_code == status, team


def test_what_is_sent_is_decoded_once_and_kept_as_it_was_meant(app, sign_in, sample):
    visitor = sign_in(Role.admin)
    coded, first = "%41 &lt;b&gt; \\u0041 +", sample.slug[0].encode().hex()
    with served(app) as (base, _, _):  # the test's own client decodes by itself
        cookies = {"cookie": f"bugsprint={visitor.cookies['bugsprint']}"}
        for begin, status in ((f"%{first}", 200), (f"%25{first}", 404)):
            at = f"{base}/s/{begin}{sample.slug[1:]}/board"
            assert httpx.get(at, headers=cookies, timeout=30).status_code == status
    asked = visitor.get("/tickets", params={"q": coded}).text
    assert f'value="{escape(coded)}"' in asked
    assert visitor.post("/wallboards", data={"label": f"Form {coded}"}).status_code == 200
    made = visitor.post("/api/v1/wallboards", json={"label": f"JSON {coded}"})
    assert made.status_code == 201
    listed = {row["label"] for row in visitor.get("/api/v1/wallboards").json()["items"]}
    assert listed == {f"Form {coded}", f"JSON {coded}"}


def test_a_body_with_a_field_that_was_not_asked_for_is_refused(sign_in, sample, look):
    visitor = sign_in(Role.admin)
    said = visitor.get("/openapi.json").json()
    before, tried, named = look(select(func.count(Activity.id))), 0, 0
    for path, ways in said["paths"].items():
        for method, about in ways.items():
            body = about.get("requestBody", {}).get("content", {}).get("application/json")
            if body is None:
                continue
            shapes = list(shapes_of(said, body["schema"]))
            assert [each.get("additionalProperties") for each in shapes] == [False], (method, path)
            wish = {name: example(each) for name, each in shapes[0]["properties"].items()}
            place = path.replace("{bug_id}", str(sample.bug)).replace("{link_id}", "1")
            answer = visitor.request(method.upper(), place, json=wish | {"role": "admin"})
            assert answer.status_code == 422, answer.text
            named += "role" in answer.json()["title"]
            tried += 1
    assert (tried >= 8, named >= 5) == (True, True), (tried, named)
    assert look(select(func.count(Activity.id))) == before


def shapes_of(said, schema):
    """Return the objects that a body may be."""
    for each in schema.get("anyOf", [schema]):
        if "$ref" in each:
            yield said["components"]["schemas"][each["$ref"].rpartition("/")[2]]


def example(schema):
    """Return a value that fits, as far as the type says."""
    kinds = {each.get("type") for each in schema.get("anyOf", [schema])}
    if "null" in kinds:
        return None
    if "array" in kinds:
        return [example(schema["items"])]
    return schema.get("enum", [schema.get("default", 1 if kinds & {"integer", "number"} else "x")])[
        0
    ]


def test_no_address_takes_a_token_and_no_form_puts_a_password_into_one(client, sample, token):
    good = token("board.read")
    assert client.get("/api/v1/teams", headers={"authorization": f"Bearer {good}"}).is_success
    for name in ("token", "access_token", "authorization", "api_key", "bugsprint"):
        assert client.get(f"/api/v1/teams?{name}={good}").status_code == 401, name
    asking = [file for file in TEMPLATES.rglob("*.html") if 'type="password"' in file.read_text()]
    assert len(asking) >= 3
    for file in asking:
        for form in re.findall(r"<form[^>]*>", file.read_text()):
            assert 'method="post"' in form, (file.name, form)
