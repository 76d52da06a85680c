"""Teams come from a file that is read strictly, and bugs find their areas anew."""

import pytest
from sqlmodel import select

from app.actions import teams
from app.core.errors import Invalid, NotFound
from app.db.models import Activity, Area, Bug, Member, Team
from tests import make
from tests.make import DAWN

GOOD = """
teams:
  - key: mail
    name: Mail
    members:
      - {name: Ana, days: 9, leave_days: 1, lead: true}
      - {name: Bob, discipline: design}
  - {key: pay, name: Payments, capacity_days: 30, focus_factor: 0.5}
areas:
  - key: inbox
    name: Inbox
    team: mail
    matches: ["label:inbox*", "title:*mailbox*"]
    adjacent: [bills]
  - {key: bills, name: Bills, team: pay, matches: [billing]}
"""
WHO = {"actor": "Sam", "at": DAWN}


def test_a_good_file_is_stored_and_may_be_stored_again(db):
    for _ in range(2):
        roster = teams.import_teams(db, GOOD, **WHO)
    assert (len(roster.teams), len(roster.areas)) == (2, 2)
    rows = db.exec(select(Team.key, Team.name, Team.capacity_days).order_by(Team.key)).all()
    assert rows == [("mail", "Mail", None), ("pay", "Payments", 30.0)]
    assert list(db.exec(select(Member.name).order_by(Member.name))) == ["Ana", "Bob"]
    owners = select(Area.key, Team.key).join(Team).order_by(Area.key)
    assert db.exec(owners).all() == [("bills", "pay"), ("inbox", "mail")]
    assert list(db.exec(select(Activity.verb))) == ["teams_imported"] * 2


def test_bugs_find_their_areas_anew(db):
    labelled = make.bug(db, labels=["Inbox/UI"])
    titled = make.bug(db, "The MAILBOX is full")
    billed = make.bug(db, components=["Billing"], labels=["x"])
    none = make.bug(db)

    def areas():
        db.expire_all()
        rows = dict(db.exec(select(Bug.id, Area.key).outerjoin(Area).order_by(Bug.id)).all())
        return [rows[bug.id] for bug in (labelled, titled, billed, none)]

    teams.import_teams(db, GOOD, **WHO)
    assert areas() == ["inbox", "inbox", "bills", None]
    teams.import_teams(db, GOOD.replace("label:inbox*", "label:nothing"), **WHO)
    assert areas() == [None, "inbox", "bills", None]


BAD = [
    ("teams: [", "not readable as YAML in line 1"),
    ("", "wrong at the file: it should hold teams"),
    ("teams: [Mail]", "wrong at teams.0: it should hold names with values"),
    ("teams:\n- {key: a, name: 2026-13-01}", "cannot read: month must be in 1..12."),
    (
        "teams:\n- {key: a, name: A, wip_limit: " + "9" * 5_000 + "}",
        "cannot read: Exceeds the limit",
    ),
    (
        "teams:\n- {key: a, name: A, memebrs: []}",
        "memebrs: there is no such name; did you mean “members”?",
    ),
    ("teams:\n- {key: a, name: A, members: [{name: x, day: 1}]}", "did you mean “days”?"),
    ("teams: []", "names no team and no area"),
    (
        "teams:\n- {key: a, name: A}\nplans: 1",
        "wrong at plans: there is no such name; known are teams, areas.",
    ),
    (
        "teams:\n- {key: a, name: A, size: 3}",
        "wrong at teams.0.size: there is no such name; known are key, name",
    ),
    ("teams:\n- {key: A b, name: A}", "teams.0.key: it has to be 1 to 40 small letters"),
    ("teams:\n- {key: a, name: A}\n- {key: a, name: B}", "has the team a twice"),
    ("teams:\n- {key: a, name: A}\n- {key: b, name: A}", "has the team name A twice"),
    ("teams:\n- {key: a, name: A, focus_factor: 2}", "teams.0.focus_factor: it may be at most 1"),
    (
        "teams:\n- {key: a, name: A, members: [{name: x, days: -1}]}",
        "members.0.days: it has to be at least 0",
    ),
    (GOOD.replace("team: pay", "team: payy"), "unknown team “payy”; did you mean “pay”?"),
    (GOOD.replace("[bills]", "[bilsl]"), "unknown area “bilsl”; did you mean “bills”?"),
    (GOOD.replace("key: bills", "key: inbox"), "has the area inbox twice"),
    ("teams: !!python/object/apply:os.getcwd []", "not readable as YAML"),
    ("[" * 3_000, "nested too deeply"),
]


@pytest.mark.parametrize("text, said", BAD, ids=[said for _, said in BAD])
def test_a_bad_file_is_refused_in_one_sentence_and_changes_nothing(db, text, said):
    with pytest.raises(Invalid) as refused:
        teams.import_teams(db, text, **WHO)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    db.rollback()
    assert db.exec(select(Team)).all() == []


def test_a_later_file_may_name_teams_and_areas_of_an_earlier_one(db):
    teams.import_teams(db, GOOD, **WHO)
    later = "areas:\n- {key: refunds, name: Refunds, team: pay, adjacent: [bills]}"
    roster = teams.import_teams(db, later, **WHO)
    assert (len(roster.teams), len(roster.areas)) == (0, 1)
    owners = dict(db.exec(select(Area.key, Team.key).join(Team)).all())
    assert owners == {"bills": "pay", "inbox": "mail", "refunds": "pay"}
    assert len(db.exec(select(Member)).all()) == 2
    with pytest.raises(Invalid, match="unknown team “payy”; did you mean “pay”"):
        teams.import_teams(db, later.replace("team: pay", "team: payy"), **WHO)


def test_a_name_that_another_team_bears_already_is_refused_in_a_sentence(db):
    make.team(db, "Mail", key="post")
    with pytest.raises(Invalid, match="Mail"):
        teams.import_teams(db, GOOD, **WHO)


def test_capacity_is_changed_within_bounds(db):
    team = make.team(db)
    teams.set_capacity(db, team.id, teams.Capacity(None, 0.8), **WHO)
    db.refresh(team)
    assert (team.capacity_days, team.focus_factor) == (None, 0.8)
    for wish in (teams.Capacity(-1, 0.6), teams.Capacity(1, 0), teams.Capacity(1, 1.1)):
        with pytest.raises(Invalid):
            teams.set_capacity(db, team.id, wish, **WHO)
    with pytest.raises(NotFound):
        teams.set_capacity(db, 99, teams.Capacity(1, 0.6), **WHO)
    assert teams.days_from(" 7,5 ") == 7.5
    assert teams.days_from(" ") is None
    with pytest.raises(Invalid, match="“many” is not a number"):
        teams.days_from("many")
