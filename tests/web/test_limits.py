"""How much may be asked at once: bodies, words, rows and open streams."""

import pytest

from app.core.vocabulary import Role
from app.web.guards import BODY_LIMIT, KIB, UPLOAD_LIMIT

JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
FILE = {"content-type": "multipart/form-data; boundary=cut"}
A_FILE = b'--cut\r\nContent-Disposition: form-data; name="yaml"; filename="teams.yaml"\r\n\r\n'
A_FIELD = b'--cut\r\nContent-Disposition: form-data; name="yaml"\r\n\r\n'
CUT = b"\r\n--cut--\r\n"


@pytest.fixture
def admin(sign_in, sample):
    return sign_in(Role.admin)


def in_parts(size, start=b""):
    yield start
    size -= len(start)
    for _ in range(size // KIB):
        yield b"x" * KIB
    yield b"x" * (size % KIB)


def as_json(answer):
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json()


def test_the_limits_are_those_of_the_papers():
    assert (BODY_LIMIT, UPLOAD_LIMIT) == (256 * 1024, 8 * 1024 * 1024)


@pytest.mark.parametrize("parted", [False, True], ids=["length", "chunked"])
def test_a_larger_body_is_refused_whether_its_length_is_told_or_not(admin, sample, parted):
    path = f"/api/v1/bugs/{sample.bug}/decline"
    for size, status in [(BODY_LIMIT, 422), (BODY_LIMIT + 1, 413)]:
        body = in_parts(size) if parted else b"x" * size
        answer = admin.post(path, content=body, headers=JSON)
        assert answer.status_code == status, answer.text
        title = as_json(answer)["title"]
    assert title == "The request is larger than 256 KiB, the most that is taken here."


@pytest.mark.parametrize("parted", [False, True], ids=["length", "chunked"])
def test_a_form_is_limited_like_a_program_and_an_upload_may_be_larger(admin, sample, parted):
    for path, size, kind, status in [
        (f"/bugs/{sample.bug}/decline", BODY_LIMIT + 1, FORM, 413),
        ("/teams/import", BODY_LIMIT + 1, FORM, 422),
        ("/teams/import", UPLOAD_LIMIT + 1, FILE, 413),
    ]:
        parts = in_parts(size, A_FILE if kind is FILE else b"")
        answer = admin.post(path, content=parts if parted else b"".join(parts), headers=kind)
        assert answer.status_code == status, (path, size)
    assert "larger than 8 MiB" in answer.text


def test_a_teams_file_has_200_000_letters_at_most_and_a_field_of_a_form_1_mib(admin):
    teams = b"teams: [{key: mail, name: Mail}]\n# "
    for letters, status in [(200_000, 303), (200_001, 422), (KIB * KIB + 1, 400)]:
        field = b"".join(in_parts(letters, teams))
        answer = admin.post("/teams/import", content=A_FIELD + field + CUT, headers=FILE)
        assert answer.status_code == status, (letters, answer.text)


def test_words_to_look_for_may_have_200_characters_and_a_filter_500(admin, sample):
    board = f"/s/{sample.slug}/board"
    most = {"/api/v1/bugs": 200, "/api/v1/tickets": 200, "/tickets": 200, "/palette": 200}
    for path, letters in (most | {"/api/v1/board": 500, board: 500}).items():
        assert admin.get(path, params={"q": "w" * letters}).status_code == 200, path
        assert admin.get(path, params={"q": "w" * (letters + 1)}).status_code == 422, path


def test_a_list_has_500_rows_at_most(admin, sample):
    for noun in ("board", "bugs", "customers", "links", "tickets"):
        assert admin.get(f"/api/v1/{noun}?limit=500").status_code == 200, noun
        answer = admin.get(f"/api/v1/{noun}?limit=501")
        assert (answer.status_code, "limit" in as_json(answer)["title"]) == (422, True), noun


def test_a_parameter_that_is_given_twice_is_refused_wherever_it_counts(admin, sample):
    for path in (
        "/api/v1/board",
        "/api/v1/tickets",
        "/tickets",
        f"/s/{sample.slug}/board",
        "/live",
    ):
        for said in ("q=a&q=b", "after=1&after=1"):
            answer = admin.get(f"{path}?{said}")
            assert answer.status_code == 422, (path, said)
            known = path != "/live" or "after" in said
            assert not known or "given twice" in answer.text, (path, answer.text)
