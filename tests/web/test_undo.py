"""Many bugs at once, and taking back, over both faces; who may not is refused by name."""

import pytest
from sqlmodel import select

from app.core.vocabulary import Role
from app.db.models import Activity, Link, SprintItem, User
from tests import make
from tests.web.direct import browser

HTMX = {"hx-request": "true"}


@pytest.fixture
def ana(sign_in, sample):
    return sign_in(Role.engineer, team_id=sample.team, name="Ana")


@pytest.fixture
def bob(sign_in, sample):
    return sign_in(Role.support_lead, team_id=sample.team, name="Bob")


def states(look):
    return dict(look(select(SprintItem.bug_id, SprintItem.state)))


def notes(look):
    made = look(select(Activity).order_by(Activity.id))
    return [note for note in made if note.verb not in {"signed_in", "ranked"}]


def bulk(visitor, do, *bugs, **more):
    return visitor.post("/api/v1/bugs/bulk", json={"do": do, "bug_ids": bugs} | more)


def test_many_bugs_are_claimed_and_the_one_taken_first_is_named(ana, bob, sample, look):
    assert bob.post(f"/api/v1/bugs/{sample.other}/claim").status_code == 200
    answer = bulk(ana, "claim", sample.bug, sample.other)
    why = "“Login loops” was claimed by Bob 0 s ago."
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "done": [sample.bug],
            "refused": [{"id": sample.other, "why": why}],
            "said": f"1 bug claimed. 1 not: {why}",
        },
    )
    assert set(states(look).values()) == {"claimed"}
    assert [(note.actor, note.bug_id) for note in notes(look)][-1] == ("Ana", sample.bug)


def test_a_form_goes_back_when_all_is_done_and_else_says_what_is_not(ana, bob, sample, look):
    board = f"/s/{sample.slug}/board"
    form = {"do": "claim", "bug_ids": [sample.bug, sample.other], "to_team": "", "back": board}
    answer = ana.post(f"/s/{sample.slug}/bulk", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, board)
    again = ana.post(f"/s/{sample.slug}/bulk", data=form)
    assert again.status_code == 200
    assert "0 bugs claimed. 2 not: “Export hangs” was claimed by Ana 0 s ago." in again.text
    assert f'href="{board}"' in again.text
    evil = form | {"back": "//evil.example/"}
    assert "evil.example" not in ana.post(f"/s/{sample.slug}/bulk", data=evil).text
    part = bob.post(f"/s/{sample.slug}/bulk", data=form | {"do": "release"}, headers=HTMX)
    assert part.text.count("<tr id=") == 2
    assert "2 bugs given back." in part.text
    assert set(states(look).values()) == {"open"}


SENSELESS = (
    {"do": "assign"},
    {"do": "erase"},
    {"do": "claim", "bug_ids": []},
    {"do": "claim", "bug_ids": list(range(1, 202))},
    {"do": "claim", "team": 1},
)


def test_a_wish_that_makes_no_sense_changes_nothing(bob, sample, look):
    answers = [
        bob.post("/api/v1/bugs/bulk", json={"bug_ids": [sample.bug]} | wish) for wish in SENSELESS
    ]
    assert [answer.status_code for answer in answers] == [422] * len(SENSELESS)
    assert "Choose the team that gets the bugs." in answers[0].text
    assert notes(look) == []


def test_an_engineer_gives_bugs_to_their_own_team_only(db, ana, bob, sample, look):
    other = make.team(db, "Search").id
    db.rollback()
    assert bulk(ana, "assign", sample.bug, team_id=other).status_code == 403
    assert bulk(bob, "assign", sample.bug, team_id=other).json()["done"] == [sample.bug]
    answer = bulk(ana, "resolve", sample.bug, sample.other).json()
    assert answer["done"] == [sample.other]
    assert answer["refused"][0]["why"].startswith("Another team has this bug")
    assert states(look) == {sample.bug: "open", sample.other: "fixed"}


def test_what_was_done_is_listed_and_taken_back_with_one_note(ana, bob, sample, look):
    bulk(ana, "claim", sample.bug, sample.other)
    (row,) = ana.get("/api/v1/me/actions").json()["items"]
    assert (row["text"], row["bugs"], row["why_not"]) == ("2 bugs claimed for Payments.", 2, "")
    assert bob.get("/api/v1/me/actions").json() == {"items": []}
    assert bob.post(f"/api/v1/activity/{row['id']}/undo").status_code == 404
    answer = ana.post(f"/api/v1/activity/{row['id']}/undo")
    assert answer.json() == {
        "bugs": [sample.bug, sample.other],
        "said": "2 bugs set back as before.",
    }
    assert [note.verb for note in notes(look)] == ["claimed"] * 2 + ["undone"] * 2
    assert set(states(look).values()) == {"open"}
    again = ana.post(f"/api/v1/activity/{row['id']}/undo")
    assert (again.status_code, "taken back already" in again.text) == (409, True)


@pytest.mark.parametrize("key", [None, "claim-1"])
def test_two_people_of_one_name_see_and_take_back_their_own_only(sign_in, ana, sample, look, key):
    other = sign_in(Role.engineer, team_id=sample.team, name="Ana")
    sent = {"headers": {"idempotency-key": key}} if key else {}
    assert ana.post(f"/api/v1/bugs/{sample.bug}/claim", **sent).status_code == 200
    mine = notes(look)[-1].id
    assert other.get("/api/v1/me/actions").json() == {"items": []}
    assert other.post(f"/api/v1/activity/{mine}/undo").status_code == 404
    assert other.post("/me/actions/undo").status_code == 409
    assert [row["id"] for row in ana.get("/api/v1/me/actions").json()["items"]] == [mine]
    assert ana.post(f"/api/v1/activity/{mine}/undo").status_code == 200
    assert states(look)[sample.bug] == "open"


def test_the_newest_that_can_still_go_back_does_and_the_page_says_so(ana, bob, sample, look):
    for bug in (sample.bug, sample.other):
        ana.post(f"/bugs/{bug}/claim")
    bob.post(f"/bugs/{sample.other}/resolve")
    page = ana.get("/me/actions").text
    assert "Since then: “Login loops” was fixed by Bob." in page
    assert page.count(">Undo<") == 1
    answer = ana.post("/me/actions/undo", headers=HTMX)
    assert "You took back the claim of “Export hangs”." in answer.text
    assert f'<tr id="bug-{sample.bug}"' in answer.text
    assert states(look) == {sample.bug: "open", sample.other: "fixed"}
    nothing = ana.post("/me/actions/undo")
    assert (nothing.status_code, "nothing of yours left" in nothing.text) == (409, True)


def test_links_are_taken_back_by_those_who_may_link_only(app, token, bob, sample, look):
    wish = {"ticket_ids": [sample.loose], "bug_id": sample.bug}
    first, second = (
        browser(app), browser(app),
    )  # fmt: skip
    for visitor, scopes in ((first, ("link.write", "bug.claim")), (second, ("bug.claim",))):
        visitor.headers["authorization"] = f"Bearer {token(*scopes)}"
    assert first.post("/api/v1/links", json=wish).status_code == 201
    mine = notes(look)[-1].id
    assert second.post(f"/api/v1/activity/{mine}/undo").status_code == 404
    answer = first.post(f"/api/v1/activity/{mine}/undo")
    assert (answer.status_code, answer.json()["bugs"]) == (200, [sample.bug])
    assert look(select(Link.id).where(Link.ticket_id == sample.loose)) == []


def test_an_engineer_who_may_suggest_only_takes_no_link_back(db, sign_in, sample, look):
    visitor = sign_in(Role.support_lead, name="Eve")
    wish = {"ticket_ids": [sample.loose], "bug_id": sample.bug}
    assert visitor.post("/api/v1/links", json=wish).status_code == 201
    mine = notes(look)[-1].id
    eve = db.exec(select(User).where(User.name == "Eve")).one()
    eve.role, eve.team_id = Role.engineer, sample.team
    db.commit()
    assert visitor.post(f"/api/v1/activity/{mine}/undo").status_code == 403
    assert len(look(select(Link.id).where(Link.ticket_id == sample.loose))) == 1


def test_an_erased_note_keeps_nothing_to_take_back(db, bob, sample, look):
    from app.db.queries import erasing  # noqa: PLC0415 - only this test erases

    bob.post("/api/v1/links", json={"ticket_ids": [sample.loose], "bug_id": sample.bug})
    mine = notes(look)[-1].id
    erasing.blank(db, erasing.Found(notes=[mine]))
    db.commit()
    assert notes(look)[-1].undo is None
    assert bob.get("/api/v1/me/actions").json() == {"items": []}
