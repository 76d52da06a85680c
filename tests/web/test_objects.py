"""What belongs to another team, or to nobody, cannot be touched by naming its id."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import func, select

from app.core.vocabulary import LinkState, Phase, Role
from app.db.models import Activity, BugName, Link, Member, PlanMark, Sprint, Team
from tests import make
from tests.web.roads import filled, roads

VERBS = ("claim", "release", "resolve", "reopen", "decline")
LARGEST = 2**31 - 1
QUICK = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def theirs(db, sample):
    """A bug that another team has claimed, in the sprint under way; returns its id and the team."""
    other = make.team(db, "Search", key="search")
    bug = make.bug(db, "Search is slow")
    make.ticket(db, on=bug)
    sprint = db.get(Sprint, sample.sprint)
    make.item(db, sprint, bug, team_id=other.id, state="claimed", claimed_by="Zoe")
    ids = bug.id, other.id
    db.rollback()
    return ids


def notes(look):
    return look(select(func.count(Activity.id)))[0]


@pytest.mark.parametrize("verb", VERBS)
def test_an_engineer_cannot_move_another_teams_bug_on_either_face(
    sign_in, sample, theirs, look, verb
):
    bug, team = theirs
    visitor = sign_in(Role.engineer, team_id=sample.team)
    before = notes(look)
    body = {"claim": {"team_id": team}, "decline": {"why": "no"}}.get(verb)
    for answer in (
        visitor.post(f"/api/v1/bugs/{bug}/{verb}", json=body),
        visitor.post(f"/bugs/{bug}/{verb}", data=body or {}),
    ):
        assert answer.status_code == 403, answer.text
    assert notes(look) == before


def test_an_id_that_is_nobodys_is_not_found_on_every_road(app, sign_in, sample, look):
    visitor = sign_in(Role.admin)
    bodies = {"why": "x", "into": str(sample.bug), "ticket_ids": [LARGEST], "bug_id": LARGEST}
    before, tried = notes(look), 0
    for method, path, _ in roads(app):
        if "{" not in path or path.startswith("/live"):
            continue
        address = filled(path, LARGEST)
        field = {"json": bodies} if path.startswith("/api/") else {"data": {**bodies, **FORM}}
        answer = visitor.request(method, address, **({} if method == "GET" else field))
        assert answer.status_code in {404, 409, 422}, (method, path, answer.status_code)
        assert method != "GET" or answer.status_code == 404, (path, answer.text)
        tried += 1
    assert tried >= 25
    assert notes(look) == before


FORM = {"do": "clear", "state": "confirmed", "phase": "run", "choice_share": "20"}


def test_whatever_ids_an_engineer_names_only_their_own_teams_bugs_move(
    sign_in, sample, theirs, look
):
    visitor = sign_in(Role.engineer, team_id=sample.team)
    bug, team = theirs
    ids = st.one_of(st.sampled_from([bug, sample.bug, sample.other]), st.integers(-5, 2**70))

    @QUICK
    @given(ids, st.one_of(st.none(), st.sampled_from([team]), ids), st.sampled_from(VERBS))
    def knock(bug_id, team_id, verb):
        body = {"claim": {"team_id": team_id}, "decline": {"why": "no"}}.get(verb)
        answer = visitor.post(f"/api/v1/bugs/{bug_id}/{verb}", json=body)
        assert answer.status_code in {200, 403, 404, 409, 422}, answer.text
        if bug_id == bug or (verb == "claim" and team_id == team):
            assert answer.status_code in {403, 404, 409, 422}, (bug_id, team_id, verb)

    knock()
    moved = look(
        select(Activity.bug_id)
        .where(Activity.verb.in_(["claimed", "fixed", "declined"]))
        .order_by(Activity.id)
    )
    assert bug not in set(moved)


def test_whatever_ids_a_support_lead_links_nothing_is_made_up(sign_in, sample, look):
    visitor = sign_in(Role.support_lead)
    ids = st.one_of(st.sampled_from([sample.ticket, sample.loose]), st.integers(-5, 2**70))

    @QUICK
    @given(st.lists(ids, max_size=4), ids, ids)
    def knock(tickets, bug_id, link_id):
        made = visitor.post("/api/v1/links", json={"ticket_ids": tickets, "bug_id": bug_id})
        judged = visitor.put(f"/api/v1/links/{link_id}", json={"state": "confirmed"})
        assert {made.status_code, judged.status_code} <= {200, 201, 404, 422}

    knock()
    assert all(link.bug_id in {sample.bug, sample.other} for link in look(select(Link)))


def test_an_engineers_link_is_a_suggestion_and_changes_no_decision(sign_in, sample, look):
    visitor = sign_in(Role.engineer, team_id=sample.team)
    asked = {"ticket_ids": [sample.loose, sample.ticket], "bug_id": sample.bug, "importance": 3}
    assert visitor.post("/api/v1/links", json=asked).status_code == 201
    states = {each.ticket_id: (each.state, each.importance) for each in look(select(Link))}
    assert states[sample.loose] == (LinkState.suggested, 1)
    assert states[sample.ticket] == (LinkState.confirmed, 1)
    for do in ("unlink", "tag", "untag", "importance"):
        form = {"ticket_ids": sample.loose, "do": do, "bug": f"{sample.bug}", "tag": "x"}
        assert visitor.post("/tickets/actions", data=form).status_code == 403, do


def test_a_form_of_an_engineer_suggests_as_well(db, sign_in, sample, look):
    db.add(BugName(bug_id=sample.bug, name="bug-777"))
    db.commit()
    visitor = sign_in(Role.engineer, team_id=sample.team)
    form = {"ticket_ids": sample.loose, "do": "link", "bug": "777"}
    assert visitor.post("/tickets/actions", data=form).status_code == 303
    made = look(select(Link).where(Link.ticket_id == sample.loose))
    assert [(link.state, link.bug_id) for link in made] == [(LinkState.suggested, sample.bug)]


def test_a_program_that_may_link_decides(client, sample, token, look):
    client.headers["authorization"] = f"Bearer {token('link.write')}"
    asked = {"ticket_ids": [sample.loose], "bug_id": sample.bug}
    assert client.post("/api/v1/links", json=asked).status_code == 201
    made = look(select(Link.state).where(Link.ticket_id == sample.loose))
    assert list(made) == [LinkState.confirmed]


@pytest.fixture
def lead(db, sign_in, sample):
    """An engineer who leads the sample's team, beside a second team; a sprint to be planned."""
    other = make.team(db, "Search", key="search")
    areas = [make.area(db, f"area-{team}", team_id=team) for team in (sample.team, other.id)]
    bugs = [make.bug(db, area_id=area.id).id for area in areas]
    bugs.append(make.bug(db).id)
    db.add(Member(team_id=sample.team, name="Lea", email="lea@example.com", lead=True))
    make.sprint(db, phase=Phase.prepare, slug="next", name="Next")
    other_id = other.id
    db.rollback()
    visitor = sign_in(Role.engineer, team_id=sample.team, email="lea@example.com")
    return visitor, other_id, bugs


def test_the_lead_of_a_team_changes_its_capacity_and_no_other_teams(lead, sample, look):
    visitor, other, _ = lead
    form = {"capacity_days": "7", "focus_factor": "0.5"}
    assert visitor.post(f"/teams/{sample.team}", data=form).status_code == 303
    assert visitor.post(f"/teams/{other}", data=form).status_code == 403
    assert visitor.post(f"/teams/{LARGEST}", data=form).status_code == 403
    days = dict(iter(look(select(Team.id, Team.capacity_days))))
    assert (days[sample.team], days[other]) == (7, 20)


def test_a_lead_marks_bugs_of_the_own_team_and_takes_those_of_nobody(lead, sample, look):
    visitor, other, (own, foreign, nobodys) = lead
    tries = [
        (own, {"do": "decline", "why": "not now"}, 303),
        (own, {"do": "pin", "team_id": sample.team}, 303),
        (own, {"do": "pin", "team_id": other}, 403),
        (foreign, {"do": "decline", "why": "not now"}, 403),
        (foreign, {"do": "pin", "team_id": sample.team}, 403),
        (foreign, {"do": "clear"}, 403),
        (nobodys, {"do": "decline", "why": "not now"}, 403),
        (nobodys, {"do": "pin", "team_id": sample.team}, 303),
        (nobodys, {"do": "decline", "why": "not now"}, 303),
    ]
    for bug, form, wanted in tries:
        answer = visitor.post("/s/next/plan/mark", data={"bug_id": bug, **form})
        assert answer.status_code == wanted, (bug, form, answer.text)
    assert foreign not in set(look(select(PlanMark.bug_id)))


def test_a_lead_does_not_plan_for_everybody(lead):
    visitor, *_ = lead
    for path, form in (
        ("/teams/import", {"yaml": "teams: []"}),
        ("/s/next/plan/choice", {"choice_share": "20"}),
        ("/s/next/plan/commit", {}),
        ("/sprints", {"name": "x", "starts_on": "2026-03-02", "ends_on": "2026-03-03"}),
    ):
        assert visitor.post(path, data=form).status_code == 403, path


@pytest.mark.parametrize("role", [Role.viewer, Role.support_lead, Role.exec])
def test_being_listed_as_a_lead_gives_nothing_to_other_roles(db, sign_in, sample, role):
    db.add(Member(team_id=sample.team, name="Lea", email="lea@example.com", lead=True))
    db.commit()
    visitor = sign_in(role, team_id=sample.team, email="lea@example.com")
    assert visitor.post(f"/teams/{sample.team}", data={"capacity_days": "7"}).status_code == 403


def test_a_lead_sees_the_forms_of_the_own_team_only(lead, sample):
    page = lead[0].get("/teams").text
    assert f'data-leads="{sample.team}"' in page
    assert page.count("needs-plan own-team") == 1
