"""Teams take bugs, give them back, and resolve them."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlmodel import Session

from app.core.errors import AppError, Conflict, Invalid, NotFound
from app.core.vocabulary import (
    CLAIMABLE,
    LEFT,
    RESOLVED,
    ItemState,
    Lane,
    Phase,
    StatusCategory,
    Visibility,
)
from app.db.models import Bug, Sprint, SprintItem
from app.db.queries import activity, bugs, outbox, sprints
from app.db.queries.claiming import Chance, chance
from app.db.queries.lines import Line, current_line

WORDS = {
    ItemState.claimed: "claimed",
    ItemState.fixed: "fixed",
    ItemState.released: "released",
    ItemState.told: "told to its customers",
    ItemState.confirmed: "confirmed by its customers",
    ItemState.reopened: "re-opened",
    ItemState.handed_back: "handed back",
    ItemState.declined: "declined",
    ItemState.duplicate: "merged into another bug",
    ItemState.wontfix: "closed without a fix",
    ItemState.open: "open",
}
NOTHING_UNDER_WAY = "No sprint is under way, so nothing can be claimed or resolved yet."


def claim(db: Session, bug_id: int, *, team_id: int | None, actor: str, at: datetime) -> Line:
    """Take a bug for a team in the sprint under way; the first claim wins.

    Returns its line as it is now.  Without a team, the one the plan gave it to takes it.  A bug
    outside the sprint's scope comes in as the team's own choice.  Later claims get Conflict, which
    names who won and when.
    """
    found = chance(db, bug_id, team_id)
    if found is None:
        raise NotFound(f"There is no bug {bug_id}.")
    sprint_id = _in_play(found.sprint_id, found.sprint_name, found.phase)
    item_id = _place(db, found, sprint_id, bug_id, at)
    team = _team(found, team_id)
    if not sprints.take(db, item_id, team_id=team, who=actor, at=at):
        raise _why_not(db, _known_item(db, sprint_id, bug_id), found.title, at)
    about = {"sprint_id": sprint_id, "bug_id": bug_id, "team_id": team, "detail": found.team}
    activity.note(db, verb="claimed", actor=actor, at=at, **about)
    line = current_line(db, bug_id)
    db.commit()
    assert line is not None
    return line


def release(db: Session, bug_id: int, *, actor: str, at: datetime) -> None:
    """Give a claimed bug back, so that another team can take it."""
    item, bug = _claimed_item(db, bug_id)
    assert item.id is not None
    if not sprints.give_back(db, item.id):
        raise _why_not(db, item, bug.title, at)
    _note(db, "released_claim", item, actor=actor, at=at)
    db.commit()


def resolve(db: Session, bug_id: int, *, actor: str, at: datetime) -> None:
    """Say that a bug is fixed; an open one is fixed by whoever says so."""
    _move(db, bug_id, {*CLAIMABLE, ItemState.claimed}, ItemState.fixed, actor=actor, at=at)


def reopen(db: Session, bug_id: int, *, actor: str, at: datetime) -> None:
    """Say that a fixed or closed bug is not fixed after all."""
    _move(db, bug_id, {*RESOLVED, *LEFT}, ItemState.reopened, actor=actor, at=at)


def decline(db: Session, bug_id: int, *, why: str, actor: str, at: datetime) -> None:
    """Take a bug out of the sprint with a reason that everybody can read."""
    if not why.strip():
        raise Invalid("Say why the bug is declined, in a few words.")
    states = {*CLAIMABLE, ItemState.claimed}
    _move(db, bug_id, states, ItemState.declined, actor=actor, at=at, detail=why.strip()[:500])


def _move(
    db: Session,
    bug_id: int,
    states: Collection[ItemState],
    to: ItemState,
    *,
    detail: str = "",
    **who: object,
) -> None:
    item, bug = _claimed_item(db, bug_id)
    at = who["at"]
    assert isinstance(at, datetime)
    assert item.id is not None
    if not sprints.move(db, item.id, states, to, at if to in RESOLVED else None):
        raise _why_not(db, item, bug.title, at)
    if to is ItemState.reopened:
        outbox.withdraw(db, bug_id, outbox.REOPENED)
    _note(db, to.value, item, detail=detail, **who)
    db.commit()


def _note(db: Session, verb: str, item: SprintItem, **about: object) -> None:
    facts = {"sprint_id": item.sprint_id, "bug_id": item.bug_id, "team_id": item.team_id}
    activity.note(db, verb=verb, **(facts | about))  # type: ignore[arg-type]


def _claimed_item(db: Session, bug_id: int) -> tuple[SprintItem, Bug]:
    bug, sprint = _bug(db, bug_id), _running(db)
    assert sprint.id is not None
    item = sprints.item_of(db, sprint.id, bug_id)
    if item is None:
        raise Conflict(f"“{bug.title}” is not in {sprint.name}; claim it first.")
    return item, bug


def _place(db: Session, found: Chance, sprint_id: int, bug_id: int, at: datetime) -> int:
    """Return a bug's item in the sprint; one that is open upstream comes in when it has none."""
    if found.duplicate_of_id is not None:
        raise Conflict(f"“{found.title}” is merged into another bug; claim that one.")
    if found.item_id is not None:
        return found.item_id
    if found.status_category == StatusCategory.done or found.visibility != Visibility.ok:
        raise Conflict(
            f"“{found.title}” is no longer open at its tracker, so there is nothing to do."
        )
    sprints.add_items(db, [sprints.item_row(sprint_id, bug_id, Lane.choice, at)])
    item = _known_item(db, sprint_id, bug_id)
    assert item.id is not None
    return item.id


def _known_item(db: Session, sprint_id: int, bug_id: int) -> SprintItem:
    item = sprints.item_of(db, sprint_id, bug_id)
    assert item is not None
    return item


def _running(db: Session) -> Sprint:
    sprint = sprints.current_sprint(db)
    if sprint is None:
        raise Conflict(NOTHING_UNDER_WAY)
    _in_play(sprint.id, sprint.name, sprint.phase)
    return sprint


def _in_play(sprint_id: int | None, name: str | None, phase: Phase | None) -> int:
    """Return the sprint whose board changes by hand now."""
    if sprint_id is None or phase not in sprints.ALIVE:
        raise Conflict(NOTHING_UNDER_WAY)
    if phase == Phase.review:
        raise Conflict(f"{name} is in review; its board no longer changes by hand.")
    return sprint_id


def _team(found: Chance, wanted: int | None) -> int:
    if found.team_id is not None:
        return found.team_id
    if wanted is None:
        raise Invalid("Say for which team the bug is claimed.")
    raise NotFound(f"There is no team {wanted}.")


def _bug(db: Session, bug_id: int) -> Bug:
    found = bugs.bug(db, bug_id)
    if found is None:
        raise NotFound(f"There is no bug {bug_id}.")
    return found


def _why_not(db: Session, item: SprintItem, title: str, at: datetime) -> AppError:
    db.refresh(item)
    state = WORDS[item.state]
    if item.state != ItemState.claimed or item.claimed_at is None:
        return Conflict(f"“{title}” is {state}.")
    return Conflict(f"“{title}” was claimed by {item.claimed_by} {_ago(at - item.claimed_at)}.")


def _ago(span: timedelta) -> str:
    seconds = max(0, round(span.total_seconds()))
    for size, word in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {word} ago"
    return f"{seconds} s ago"
