"""The same write sent twice with one Idempotency-Key is done once and answered alike."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import event, text
from sqlmodel import Session, select

from app.actions import people, repeats
from app.core.vocabulary import Role
from app.db.models import Activity, BugName, IdempotencyKey, Link, SprintItem, User
from tests.web.direct import browser

KEY = {"idempotency-key": "claim-7f3a"}


@pytest.fixture
def lead(sign_in, sample):
    return sign_in(Role.support_lead, name="Ana", team_id=sample.team)


@pytest.fixture
def program(app, token):
    made = browser(app)
    made.headers["authorization"] = f"Bearer {token('bug.claim', 'link.write')}"
    return made


def notes(look, verb="claimed"):
    return len(look(select(Activity.id).where(Activity.verb == verb)))


def claim(visitor, sample, key=KEY, bug=None, **wish):
    wish = {"team_id": sample.team} | wish
    return visitor.post(f"/api/v1/bugs/{bug or sample.bug}/claim", json=wish, headers=key)


def test_a_claim_sent_again_is_answered_alike_and_leaves_one_note(program, sample, look):
    first, again = claim(program, sample), claim(program, sample)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert again.headers["content-type"] == first.headers["content-type"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert first.json()["owner"] == "program bug.claim-link.write"
    assert notes(look) == 1
    assert claim(program, sample, key={}).status_code == 409


def test_every_kind_of_write_can_be_repeated(db, lead, sample, look):
    db.add(BugName(name="bug-7", bug_id=sample.bug))
    db.commit()
    wish = {"ticket_ids": [sample.loose], "bug_id": sample.bug}
    ids = [lead.post("/api/v1/links", json=wish, headers=KEY).json() for _ in range(2)]
    assert ids[0] == ids[1]
    link = look(select(Link.id).order_by(Link.id))[0]
    for verb, path, body, status in [
        ("PUT", f"/api/v1/links/{link}", {"importance": 2}, 200),
        ("POST", f"/api/v1/bugs/{sample.other}/merge", {"into": "7"}, 204),
        ("POST", f"/api/v1/bugs/{sample.other}/unmerge", None, 204),
        ("POST", f"/api/v1/bugs/{sample.bug}/claim", None, 200),
        ("POST", f"/api/v1/bugs/{sample.bug}/release", None, 200),
        ("POST", f"/api/v1/bugs/{sample.bug}/resolve", None, 200),
        ("POST", f"/api/v1/bugs/{sample.bug}/reopen", None, 200),
        ("POST", f"/api/v1/bugs/{sample.bug}/decline", {"why": "too large"}, 200),
    ]:
        key = {"idempotency-key": path}
        before = len(look(select(Activity.id)))
        answers = [lead.request(verb, path, json=body, headers=key) for _ in range(3)]
        assert [each.status_code for each in answers] == [status] * 3, (path, answers[0].text)
        assert len({each.content for each in answers}) == 1, path
        assert len(look(select(Activity.id))) == before + 1, path


def test_a_key_of_another_request_is_refused(program, sample, look):
    assert claim(program, sample).status_code == 200
    other_bug = claim(program, sample, bug=sample.other)
    other_body = claim(program, sample, team_id=None)
    release = program.post(f"/api/v1/bugs/{sample.bug}/release", headers=KEY)
    for answer in (other_bug, other_body, release):
        assert (answer.status_code, answer.json()["type"]) == (422, "invalid")
        assert "was used for another request" in answer.json()["title"]
    assert look(select(SprintItem.state).order_by(SprintItem.id)) == ["claimed", "open"]


def test_a_key_belongs_to_who_uses_it(app, sign_in, program, lead, sample):
    namesake = sign_in(Role.support_lead, name="Ana", team_id=sample.team)
    assert claim(lead, sample).status_code == 200
    for other in (namesake, program):
        assert claim(other, sample).status_code == 409
    assert claim(lead, sample).status_code == 200
    stranger = browser(app)
    assert claim(stranger, sample).status_code == 401


def test_a_person_who_signs_in_anew_still_gets_the_answer(app, lead, sample, clock, db, look):
    first = claim(lead, sample)
    user = db.exec(text('SELECT id FROM "user" ORDER BY id DESC LIMIT 1')).scalar_one()
    db.rollback()
    elsewhere = browser(app)
    elsewhere.cookies.set("bugsprint", sign_in_again(db, user, clock))
    assert claim(elsewhere, sample).content == first.content
    assert notes(look) == 1


def sign_in_again(db, user_id, clock):
    with Session(db.get_bind()) as own:
        return people.open_sign_in(own, own.get_one(User, user_id), at=clock())


def test_a_refusal_is_not_kept_so_the_same_request_may_succeed_later(lead, sample, look):
    assert claim(lead, sample, key={"idempotency-key": "first"}).status_code == 200
    assert claim(lead, sample).status_code == 409
    assert lead.post(f"/api/v1/bugs/{sample.bug}/release").status_code == 200
    assert claim(lead, sample).status_code == 200
    assert claim(lead, sample).headers["idempotency-replayed"] == "true"
    assert notes(look) == 2


@pytest.mark.parametrize("key", ["", "two words", "x" * 201, "tab\there"])
def test_a_key_that_cannot_be_kept_is_refused_in_a_sentence(lead, sample, look, key):
    answer = claim(lead, sample, key={"idempotency-key": key})
    assert (answer.status_code, "1 to 200 visible" in answer.json()["title"]) == (422, True)
    assert notes(look) == 0


def test_a_form_takes_no_notice_of_a_key(lead, sample, look):
    for _ in range(2):
        lead.post(f"/bugs/{sample.bug}/claim", headers=KEY)
    assert notes(look) == 1
    assert look(select(IdempotencyKey)) == []


def test_a_read_takes_no_notice_of_a_key(lead, sample, look):
    for _ in range(2):
        answer = lead.get("/api/v1/board", headers=KEY)
        assert "idempotency-replayed" not in answer.headers
    assert look(select(IdempotencyKey)) == []


def test_effect_and_answer_become_true_together_or_not_at_all(app, lead, sample, look):
    def die(_connection):
        raise RuntimeError

    assert claim(lead, sample, key={"idempotency-key": "warm"}, bug=sample.other).status_code == 200
    event.listen(app.state.engine, "commit", die)
    assert claim(lead, sample).status_code == 500
    event.remove(app.state.engine, "commit", die)
    assert (notes(look), len(look(select(IdempotencyKey)))) == (1, 1)
    commits = []
    event.listen(app.state.engine, "commit", commits.append)
    assert claim(lead, sample).status_code == 200
    assert len(commits) == 1  # between two of them a server could die
    assert (notes(look), len(look(select(IdempotencyKey)))) == (2, 2)


def test_while_the_first_is_served_the_second_is_told_to_come_back(app, lead, sample, look):
    started, go_on = Event(), Event()

    def wait(_connection):
        started.set()
        go_on.wait(20)

    event.listen(app.state.engine, "commit", wait)
    got = []
    first = Thread(target=lambda: got.append(claim(lead, sample)))
    first.start()
    try:
        assert started.wait(20)
        second = claim(browser_of(app, lead), sample)
    finally:
        go_on.set()
        first.join(20)
        event.remove(app.state.engine, "commit", wait)
    assert (second.status_code, second.headers["retry-after"]) == (409, "1")
    assert second.json()["type"] == "under-way"
    assert got[0].status_code == 200
    assert claim(lead, sample).content == got[0].content
    assert notes(look) == 1


def browser_of(app, lead):
    made = browser(app)
    made.cookies = lead.cookies
    return made


def test_an_answer_is_forgotten_after_a_day(app, db, lead, sample, look, clock):
    start = clock.now
    assert claim(lead, sample).status_code == 200
    for hours, kept in [(23, 1), (25, 0)]:
        with Session(db.get_bind()) as own:
            assert repeats.forget(own, at=start + timedelta(hours=hours)) == 1 - kept
        assert len(look(select(IdempotencyKey.key))) == kept


def test_an_old_key_that_still_lies_there_counts_no_more(program, sample, look, clock):
    assert claim(program, sample).status_code == 200
    assert program.post(f"/api/v1/bugs/{sample.bug}/release").status_code == 200
    clock.now += timedelta(hours=25)
    again = claim(program, sample)
    assert (again.status_code, "idempotency-replayed" in again.headers) == (200, False)
    assert notes(look) == 2
