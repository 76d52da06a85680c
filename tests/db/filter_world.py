"""A board on which every field of a filter has something to tell apart."""

from datetime import timedelta
from itertools import cycle
from random import Random

from sqlmodel import Session

from app.core.vocabulary import Effort, ItemState, Lane, LinkState, Severity, TicketStatus
from app.db.models import BugScore, PlanMark
from app.db.queries import activity
from tests import make

TODAY = make.DAWN.replace(hour=0) + timedelta(days=9)
WORDS = ("Export", "hangs", "draft_lost", "50%", "Größe", "mail")
LABELS: tuple[list[str], ...] = (
    [],
    ["wontfix"],
    ["needs info", "ui"],
    ['say "hi"', "a,b"],
    ["WontFix"],
)


def board(db: Session, *, bugs: int = 24, seed: int = 5) -> int:
    """Fill an empty database; returns the sprint's id."""
    dice = Random(seed)
    teams = [make.team(db, name) for name in ("Payments", "Core")]
    areas = [make.area(db, key) for key in ("mail", "web")]
    tracker = make.source(db, "github", name="tracker")
    jira = make.source(db, "jira", name="old")
    desks = [make.source(db, "zendesk", name="support"), make.source(db, "file", name="csv")]
    people = [
        make.customer(db, name, tier=tier, source_id=desks[0].id)
        for name, tier in (("Acme", "gold"), ("Bolt", None), ("Cell & Co", "silver"))
    ]
    before, sprint = make.sprint(db, slug="before"), make.sprint(db, slug="now")
    states = cycle(ItemState)
    for number in range(bugs):
        bug = _bug(db, dice, number, dice.choice([tracker, jira]), areas)
        _item(db, dice, sprint, bug, next(states), teams)
        if number % 5 == 0:
            make.item(db, before, bug)
        if number % 6 == 0:
            twin = make.bug(db, "A twin", duplicate_of_id=bug.id)
            _tickets(db, dice, twin, people, desks)
        _said(db, dice, number, sprint, bug)
        _tickets(db, dice, bug, people, desks)
        _score(db, dice, bug)
    db.commit()
    return sprint.id or 0


def _bug(db, dice, number, source, areas):
    return make.bug(
        db,
        " ".join(dice.sample(WORDS, 2)),
        source_id=source.id,
        area_id=dice.choice([None, *(area.id for area in areas)]),
        severity=dice.choice([None, *Severity]),
        labels=dice.choice(LABELS),
        created_at=TODAY - _ago(dice),
        updated_at=TODAY - _ago(dice),
    )


def _said(db, dice, number, sprint, bug):
    if number % 4 == 0:
        mark = {"sprint_id": sprint.id, "bug_id": bug.id, "by": "Ana", "at": make.DAWN}
        db.add(PlanMark(**mark, blocked_by=dice.choice(["", "the vendor"])))
    if number % 3 == 0:
        at = TODAY - timedelta(days=dice.choice([1, 2, 5]))
        activity.note(db, at=at, actor="Ana", verb="claimed", bug_id=bug.id)


def _item(db, dice, sprint, bug, state, teams):
    claimed = state == ItemState.claimed
    resolved = state in {ItemState.fixed, ItemState.released, ItemState.told, ItemState.confirmed}
    make.item(
        db,
        sprint,
        bug,
        state=state,
        lane=dice.choice(list(Lane)),
        team_id=dice.choice([None, *(team.id for team in teams)]),
        effort=dice.choice([None, *Effort]),
        frozen_rank=dice.choice([None, bug.id]),
        claimed_by=dice.choice(["Ana Kovač", "Bo"]) if claimed else None,
        claimed_at=TODAY - _ago(dice) if claimed else None,
        resolved_at=TODAY - _ago(dice) if resolved else None,
    )


def _tickets(db, dice, bug, people, desks):
    for _ in range(dice.randrange(3)):
        make.ticket(
            db,
            on=bug,
            customer_id=dice.choice([None, *(each.id for each in people)]),
            source_id=dice.choice(desks).id,
            importance=dice.choice([1, 2, 3]),
            state=dice.choice(list(LinkState)),
            status=dice.choice([TicketStatus.open, TicketStatus.deleted]),
            text=dice.choice(["secret words", "Größe"]),
        )


def _score(db, dice, bug):
    if dice.random() < 0.2:
        return
    first = dice.choice([None, TODAY - _ago(dice) - timedelta(days=1)])
    numbers = {"customers": dice.randrange(4), "tickets": dice.randrange(5), "recent_tickets": 0}
    score = dice.choice([0.0, 5.0, 10.5, 12.5, 49.5, 50.0, 99.5, 104.9, 105.0])
    db.add(BugScore(bug_id=bug.id, score=score, first_report=first, arr_cents=0, **numbers))


def _ago(dice):
    """A length of time; some are whole days, or off by the least there is."""
    off = dice.choice([timedelta(), timedelta(microseconds=1), timedelta(hours=5)])
    return timedelta(days=dice.choice([0, 1, 2, 3, 7, 12])) + off * dice.choice([1, -1])
