"""The sheet's words and figures: of how many, for whom, and why not."""

from datetime import timedelta

from app.actions import claims
from app.core.impact import Figures, Promise
from app.core.vocabulary import Phase, TicketStatus
from app.views.reports.impact import _headline, _meaning, report
from tests import make

NOW = make.DAWN + timedelta(days=3)
NOTHING = Figures(3, 0, 0, 0, 0, 0, 0, 0, 0.0)


def test_every_number_is_written_with_its_own_noun():
    one = Figures(1, 1, 0, 0, 1, 1, 0, 0, 1.0)
    assert _headline(one) == "1 of 1 customer bugs fixed, 1 ticket resolved because of it."
    assert _meaning(one, Promise(1, 1, 1.0)) == (
        "1 customer waited 1 day in all for what is fixed now, the longest 1 day."
    )


def test_a_fix_that_no_customer_waited_for_is_not_called_no_fix():
    assert _meaning(NOTHING, None).startswith("No bug is fixed yet")
    fixed = Figures(3, 1, 0, 0, 0, 0, 0, 0, 0.0)
    assert _meaning(fixed, None).startswith("No customer had reported what is fixed")


def test_each_bug_that_is_not_fixed_says_why_and_not_why_it_came_in(db):
    team = make.team(db)
    titles = ("fixed", "declined", "claimed", "open", "given back", "taken up again")
    bugs = {title: make.bug(db, title) for title in titles}
    sprint = make.sprint(db, phase=Phase.run)
    for bug in bugs.values():
        make.item(db, sprint, bug, team_id=team.id, reasons=["Payments owns its area."])
    make.ranked(db)
    ids, slug, team_id = {title: bug.id for title, bug in bugs.items()}, sprint.slug, team.id
    who = {"actor": "Ana R.", "at": NOW}
    for title in ("fixed", "taken up again"):
        claims.resolve(db, ids[title], **who)
    claims.reopen(db, ids["taken up again"], **who)
    claims.decline(db, ids["declined"], why="it is rewritten anyway.", **who)
    for title in ("claimed", "given back"):
        claims.claim(db, ids[title], team_id=team_id, **who)
    claims.release(db, ids["given back"], **who)
    sheet = report(db, slug, money=True, at=NOW)
    since = f"{NOW.day} {NOW:%b %Y}"
    assert {left.title: left.why for left in sheet.leftovers} == {
        "declined": "Ana R. declined it: it is rewritten anyway.",
        "claimed": f"Ana R. has been on it since {since}.",
        "open": "Nobody has claimed it yet.",
        "given back": "Nobody has claimed it yet.",
        "taken up again": "It was fixed and then taken up again.",
    }


def test_tickets_are_counted_of_all_that_stand_behind_the_bugs(db):
    bug, other = make.bug(db), make.bug(db, "Other")
    sprint = make.sprint(db, bug, other, phase=Phase.run)
    make.ticket(db, on=bug, status=TicketStatus.solved, solved_at=NOW + timedelta(hours=1))
    make.ticket(db, on=bug)
    make.ticket(db, on=other)
    make.ticket(db, status=TicketStatus.solved, solved_at=NOW)
    make.ranked(db)
    bug_id, slug = bug.id, sprint.slug
    claims.resolve(db, bug_id, actor="Ana R.", at=NOW)
    sheet = report(db, slug, money=True, at=NOW + timedelta(hours=2))
    found = (sheet.tickets_behind, sheet.tickets_by_fix, sheet.tickets_waiting)
    assert found == (3, 1, 2)
    assert sheet.tickets_without_fix == 1
