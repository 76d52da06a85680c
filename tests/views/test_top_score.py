"""Scores on a board are shown beside its highest, also when that one has just come in."""

from app.actions import claims
from app.views.bugs import one_row
from tests import make


def test_a_newcomer_with_a_higher_score_makes_the_others_shares_smaller(db):
    small, large, team = make.bug(db), make.bug(db), make.team(db)
    make.sprint(db, small)
    make.ticket(db, on=small)
    for _ in range(4):
        make.ticket(db, on=large)
    make.ranked(db)
    make.ranked(db)
    assert one_row(db, small.id, at=make.DAWN).share == 1.0
    claims.claim(db, large.id, team_id=team.id, actor="Ana", at=make.DAWN)
    assert one_row(db, large.id, at=make.DAWN).share == 1.0
    assert one_row(db, small.id, at=make.DAWN).share < 1.0


def test_a_new_ranking_makes_the_shares_anew(db):
    first, second = make.bug(db), make.bug(db)
    make.sprint(db, first, second)
    make.ticket(db, on=first)
    make.ranked(db)
    assert one_row(db, first.id, at=make.DAWN).share == 1.0
    for _ in range(4):
        make.ticket(db, on=second)
    make.ranked(db)
    assert one_row(db, first.id, at=make.DAWN).share < 1.0


def test_a_bug_outside_the_sprint_has_no_row(db):
    inside, outside = make.bug(db), make.bug(db)
    make.sprint(db, inside)
    assert one_row(db, outside.id, at=make.DAWN) is None
    assert one_row(db, inside.id, at=make.DAWN).why == "No customer evidence yet."
