from threading import Barrier, Thread

import pytest
from sqlalchemy import update
from sqlmodel import Session, select

from app.actions import claims, moves
from app.core.errors import Conflict, Invalid, NotFound
from app.core.vocabulary import Effort, ItemState, Phase
from app.db.models import Activity, SprintItem
from app.db.queries import sprints
from app.db.queries.claiming import chance
from app.db.queries.lines import current_line
from tests import make


def state_of(db, bug):
    db.expire_all()
    return db.exec(select(SprintItem).where(SprintItem.bug_id == bug.id)).one()


def verbs(db):
    return list(db.exec(select(Activity.verb).order_by(Activity.id)))


def test_the_second_claim_is_refused_by_name(db):
    bug, first, second = make.bug(db, "Export hangs"), make.team(db, "A"), make.team(db, "B")
    make.sprint(db, bug)
    claims.claim(db, bug.id, team_id=first.id, actor="Ana", at=make.DAWN)
    with pytest.raises(Conflict, match=r"“Export hangs” was claimed by Ana 0 s ago\."):
        claims.claim(db, bug.id, team_id=second.id, actor="Bob", at=make.DAWN)


def test_of_many_claims_at_once_one_wins_and_leaves_one_note(db, engine):
    bug, team = make.bug(db), make.team(db)
    make.sprint(db, bug)
    outcomes, gate, bug_id, team_id = [], Barrier(8), bug.id, team.id
    db.rollback()

    def race(who):
        with Session(engine) as own:
            gate.wait()
            try:
                claims.claim(own, bug_id, team_id=team_id, actor=who, at=make.DAWN)
                outcomes.append(who)
            except Conflict:
                outcomes.append(None)

    threads = [Thread(target=race, args=(f"u{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [who for who in outcomes if who]
    assert len(outcomes) == 8
    assert len(winners) == 1
    assert state_of(db, bug).claimed_by == winners[0]
    assert verbs(db) == ["claimed"]


def test_a_claim_without_a_team_goes_to_the_team_of_the_plan(db):
    bug, team = make.bug(db), make.team(db)
    make.item(db, make.sprint(db), bug, team_id=team.id)
    taken = claims.claim(db, bug.id, team_id=None, actor="Ana", at=make.DAWN)
    assert (taken.team_id, taken.owner, taken.state) == (team.id, "Ana", ItemState.claimed)


@pytest.mark.parametrize("planned", [True, False], ids=["planned", "its team's choice"])
def test_a_claim_answers_with_the_line_that_everybody_reads_then(db, planned):
    bug, first, second = make.bug(db), make.team(db, "A"), make.team(db, "B")
    sprint = make.sprint(db)
    if planned:
        make.item(db, sprint, bug, team_id=first.id, effort=Effort.M, reasons=["high impact"])
    taken = claims.claim(db, bug.id, team_id=second.id, actor="Ana", at=make.DAWN)
    assert taken == current_line(db, bug.id)
    assert taken.team == "B"


def test_a_claim_answers_with_what_somebody_else_changed_meanwhile(db, monkeypatch):
    bug, team = make.bug(db), make.team(db)
    make.item(db, make.sprint(db), bug, team_id=team.id, effort=Effort.M)

    def read_then_judged(*asked):
        found = chance(*asked)
        db.execute(update(SprintItem).values(effort=Effort.L, version=SprintItem.version + 1))
        return found

    monkeypatch.setattr(moves, "chance", read_then_judged)
    taken = claims.claim(db, bug.id, team_id=None, actor="Ana", at=make.DAWN)
    assert (taken.owner, taken.effort, taken.version) == ("Ana", Effort.L, 3)


def test_a_bug_outside_the_scope_comes_in_as_the_teams_choice(db):
    bug, team = make.bug(db), make.team(db)
    make.sprint(db)
    claims.claim(db, bug.id, team_id=team.id, actor="Ana", at=make.DAWN)
    assert state_of(db, bug).lane == "choice"


def test_a_released_bug_can_be_claimed_by_another_team(db):
    bug, first, second = make.bug(db), make.team(db, "A"), make.team(db, "B")
    make.sprint(db, bug)
    claims.claim(db, bug.id, team_id=first.id, actor="Ana", at=make.DAWN)
    claims.release(db, bug.id, actor="Ana", at=make.DAWN)
    claims.claim(db, bug.id, team_id=second.id, actor="Bob", at=make.DAWN)
    assert state_of(db, bug).team_id == second.id


def test_resolving_and_reopening_leave_notes_and_times(db):
    bug, team = make.bug(db), make.team(db)
    make.sprint(db, bug)
    claims.claim(db, bug.id, team_id=team.id, actor="Ana", at=make.DAWN)
    claims.resolve(db, bug.id, actor="Ana", at=make.DAWN)
    assert (state_of(db, bug).state, state_of(db, bug).resolved_at) == ("fixed", make.DAWN)
    claims.reopen(db, bug.id, actor="Sam", at=make.DAWN)
    assert (state_of(db, bug).state, state_of(db, bug).resolved_at) == ("reopened", None)
    assert verbs(db) == ["claimed", "fixed", "reopened"]


def test_what_cannot_be_done_is_refused_in_a_sentence(db):
    bug, team = make.bug(db, "Export hangs"), make.team(db)
    with pytest.raises(Conflict, match="No sprint is under way"):
        claims.claim(db, bug.id, team_id=team.id, actor="Ana", at=make.DAWN)
    made = make.sprint(db, bug)
    with pytest.raises(NotFound, match=r"There is no bug 99999\."):
        claims.claim(db, 99999, team_id=team.id, actor="Ana", at=make.DAWN)
    with pytest.raises(NotFound, match=r"There is no team 77\."):
        claims.claim(db, bug.id, team_id=77, actor="Ana", at=make.DAWN)
    with pytest.raises(Invalid, match="Say why"):
        claims.decline(db, bug.id, why=" ", actor="Ana", at=make.DAWN)
    with pytest.raises(Conflict, match="“Export hangs” is open"):
        claims.release(db, bug.id, actor="Ana", at=make.DAWN)
    made.phase = Phase.review
    db.add(made)
    db.commit()
    with pytest.raises(Conflict, match="is in review"):
        claims.resolve(db, bug.id, actor="Ana", at=make.DAWN)


def test_a_declined_bug_keeps_its_reason(db):
    bug = make.bug(db)
    make.sprint(db, bug)
    claims.decline(db, bug.id, why="needs a new parser", actor="Ana", at=make.DAWN)
    assert state_of(db, bug).state == ItemState.declined
    assert db.exec(select(Activity.detail)).one() == "needs a new parser"


def test_a_lost_race_shows_in_the_row_count(db):
    made = make.item(db, make.sprint(db), make.bug(db))
    team = make.team(db)
    assert sprints.take(db, made.id, team_id=team.id, who="Ana", at=make.DAWN)
    assert not sprints.take(db, made.id, team_id=team.id, who="Bob", at=make.DAWN)


def test_a_bug_that_is_closed_at_its_tracker_cannot_be_taken_up(db):
    bug, team = make.bug(db, "Export hangs", status_category="done"), make.team(db)
    make.sprint(db)
    with pytest.raises(Conflict, match="“Export hangs” is no longer open at its tracker"):
        claims.claim(db, bug.id, team_id=team.id, actor="Ana", at=make.DAWN)
