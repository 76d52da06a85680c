"""Teams: what they can do, what they have taken on, and never a total for a person."""

from sqlmodel import select

from app.core.vocabulary import Effort, ItemState
from app.db.models import Member, SprintItem
from app.views.teams import MemberLine, team_cards
from tests import make


def test_a_team_shows_its_days_its_leave_and_what_of_its_load_is_claimed(db):
    team = make.team(db, "Mail", capacity_days=None, focus_factor=0.5)
    db.add(Member(team_id=team.id, name="Ann", days=10, leave_days=2, lead=True))
    db.add(Member(team_id=team.id, name="Bo", days=10, leave_days=0))
    bugs = [make.bug(db, f"Bug {number}") for number in range(4)]
    make.sprint(db, *bugs)
    states = (ItemState.open, ItemState.claimed, ItemState.fixed, ItemState.declined)
    for item, state in zip(db.exec(select(SprintItem)).all(), states, strict=True):
        item.team_id, item.state, item.effort = team.id, state, Effort.L
        item.claimed_by = "Ann"
    db.commit()
    card = team_cards(db, today=make.DAWN.date()).items[0]
    assert (card.person_days, card.leave_days, card.capacity_days) == (18, 2, 9)
    assert (card.load_days, card.claimed_days) == (6, 4)
    assert (card.assigned, card.claimed, card.fixed) == (3, 1, 1)
    assert card.verdict == "has room"


def test_a_team_without_capacity_is_not_said_to_have_room(db):
    make.team(db, "Mail", capacity_days=0)
    card = team_cards(db, today=make.DAWN.date()).items[0]
    assert (card.verdict, card.share) == ("no capacity stated", 0)


def test_what_is_shown_of_a_person_is_their_time_and_craft_and_nothing_they_did():
    assert set(MemberLine.model_fields) == {
        "name", "initials", "discipline", "days", "leave_days", "lead"
    }  # fmt: skip
