"""An installation in which everything that strangers and colleagues can name is an attack.

What upstreams say comes in by a sync, as it does in earnest.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlmodel import Session, col, select

from app.actions import claims
from app.core.vocabulary import Discipline, Lane, Phase, Role, SourceState
from app.db.models import Bug, DeadLetter, Member, Source, SprintItem, Team
from tests import make
from tests.actions.sources import Given, issue, organisation, page_of, run, ticket
from tests.sizes import size

PACK = size(32, 16)
"""How many attacks stand together on the page of one bug."""


def packed(attacks: Sequence[str], size: int) -> list[tuple[str, ...]]:
    """Cut attacks into packs."""
    return [tuple(attacks[start : start + size]) for start in range(0, len(attacks), size)]


def plant(world, attacks: Sequence[str]) -> list[int]:
    """Fill an empty installation; returns the bugs whose pages hold all attacks between them."""
    at = datetime.now(UTC)
    with Session(world.engine) as db:
        make.user(db, Role.admin, name=attacks[0])
        teams = [_team(db, attacks, number) for number in range(12)]
        desk = make.source(db, "zendesk", name="desk").id
        tracker = make.source(db, "github", name="tracker").id
        run(db, tracker, Given({"issues": [page_of(*_issues(attacks))]}), at=at)
        run(db, desk, Given({"tickets": [page_of(*_desk(attacks, at))]}), at=at)
        _sources(db, attacks, at)
        bugs = db.exec(select(Bug).order_by(col(Bug.id))).all()
        _sprints(db, bugs, teams, attacks, at)
        make.ranked(db, at)
        _decide(db, [bug.id or 0 for bug in bugs], attacks, at)
        return [bug.id or 0 for bug in bugs[::PACK]]


def _team(db: Session, attacks: Sequence[str], number: int) -> Team:
    """A team, its person and its area, all with names that bite."""
    name = attacks[-1 - number]
    made = make.team(db, f"{number} {name}", key=f"team-{number}")
    db.add(Member(team_id=made.id or 0, name=attacks[number], discipline=Discipline.engineering))
    make.area(db, f"area-{number}", name=f"{number} {name}", team_id=made.id, matches=[name])
    return made


def _issues(attacks: Sequence[str]):
    packs = [pack for pack in packed(attacks, PACK) for _ in pack]
    for number, (attack, pack) in enumerate(zip(attacks, packs, strict=True)):
        yield issue(
            number,
            title=attack,
            text="\n\n".join(pack),
            labels=pack,
            components=(attack,),
            assignees=(attack,),
            status_raw=attack,
            url=f"javascript:alert({number})",
        )


def _desk(attacks: Sequence[str], at: datetime):
    for number, attack in enumerate(attacks):
        yield organisation(f"org-{number}", attack)
        yield ticket(
            str(number),
            subject=attack,
            text=f"{attack}\n\n{attack}",
            tags=(attack,),
            customer=f"org-{number}",
            url=f"javascript:alert({number})",
            refs=[(f"acme/app#{number - number % PACK}", "field")],
            created_at=at - timedelta(days=number + 1),
        )


def _sources(db: Session, attacks: Sequence[str], at: datetime) -> None:
    for number, attack in enumerate(attacks[::24]):
        made = Source(
            kind=attack[:40],
            name=f"{number} {attack}",
            options={"repository": attack, attack: attack},
            state=SourceState.failing,
            note=attack,
            added_at=at,
        )
        db.add(made)
        db.flush()
        words = dict.fromkeys(
            ("stream", "external_id", "reason", "payload", "payload_hash"), attack
        )
        db.add(DeadLetter.model_validate({**words, "source_id": made.id, "at": at}))
    db.commit()


def _sprints(db: Session, bugs: Sequence[Bug], teams, attacks: Sequence[str], at: datetime) -> None:
    days = {"starts_on": at.date() - timedelta(days=3), "ends_on": at.date() + timedelta(days=9)}
    make.sprint(db, phase=Phase.prepare, slug="next", name=attacks[2], **days)
    sprint = make.sprint(db, phase=Phase.run, slug="now", name=attacks[1], **days)
    db.add_all(
        SprintItem(
            sprint_id=sprint.id or 0,
            bug_id=bug.id or 0,
            lane=Lane.high_profile,
            added_at=at,
            frozen_rank=number + 1,
            team_id=teams[number % len(teams)].id,
            reasons=[attacks[number]],
        )
        for number, bug in enumerate(bugs)
    )
    db.commit()


def _decide(db: Session, bugs: Sequence[int], attacks: Sequence[str], at: datetime) -> None:
    """Claim, fix and decline in names and with reasons that bite."""
    for number in range(0, len(attacks), 12):
        claims.claim(db, bugs[number], team_id=None, actor=attacks[number], at=at)
        if number % 24 == 0:
            claims.resolve(db, bugs[number], actor=attacks[number], at=at)
        attack = attacks[number + 1]
        claims.decline(db, bugs[number + 1], why=attack, actor=attack, at=at)
