"""What a person chose counts on every page of theirs, without script, and on nobody else's."""

import re

import pytest

from app.core.preferences import Preferences, chosen, read, stored, zones
from app.core.vocabulary import Role

WISH = {"theme": "dark", "density": "compact", "zone": "Europe/Zagreb"}  # both boxes left empty
BODY = re.compile(r"<body [^>]*>")


def test_what_was_chosen_is_on_every_page_and_on_nobody_elses(sign_in, sample):
    ann, bo = sign_in(Role.engineer), sign_in(Role.engineer)
    board = f"/s/{sample.slug}/board"
    for _ in range(2):  # the second time it is a kept page
        assert 'data-density="comfortable"' in ann.get(board).text
    answer = ann.post("/me/preferences", data=WISH)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me?saved=true")
    for address in (board, "/teams", "/me", f"/bugs/{sample.bug}"):
        page = ann.get(address).text
        assert '<html lang="en" data-theme="dark">' in page, address
        (body,) = BODY.findall(page)
        for said in ('density="compact"', 'keys="off"', 'announce="off"', 'zone="Europe/Zagreb"'):
            assert f"data-{said}" in body, (address, said)
    other = bo.get(board).text
    assert '<html lang="en">' in other
    assert 'data-keys="on" data-announce="on"' in other
    assert "data-zone" not in other


def test_saving_tells_the_browser_to_forget_what_it_had_chosen_by_itself(sign_in):
    ann = sign_in(Role.viewer)
    ann.post("/me/preferences", data={"theme": "light", "keys": "on"})
    assert '<html lang="en" data-theme="light" data-chosen>' in ann.get("/me?saved=true").text
    assert "data-chosen" not in ann.get("/me").text


@pytest.mark.parametrize(
    ("name", "value"),
    [("theme", "pink"), ("density", "' onload="), ("zone", "Mars/Olympus"), ("keys", "perhaps")],
)
def test_what_cannot_be_chosen_is_refused_by_its_value_and_changes_nothing(sign_in, name, value):
    ann = sign_in(Role.viewer)
    ann.post("/me/preferences", data=WISH)
    answer = ann.post("/me/preferences", data=WISH | {name: value})
    assert answer.status_code == 422
    assert value.replace("'", "&#39;") in answer.text
    assert 'data-density="compact"' in ann.get("/me").text


def test_what_a_later_release_cannot_read_any_more_is_as_usual():
    for strange in ("", "null", "[]", "{", '{"theme": "pink", "zone": 7, "gone": "x"}'):
        assert read(strange) == Preferences()
    assert read('{"theme": "dark", "density": 3}') == Preferences(theme="dark")


def test_only_what_differs_from_the_usual_is_stored():
    usual = chosen({"theme": "auto", "density": "comfortable", "keys": "on", "announce": "on",
                    "zone": ""})  # fmt: skip
    assert stored(usual) == {}
    assert stored(Preferences(zone="UTC")) == {"zone": "UTC"}
    assert "UTC" in zones()
