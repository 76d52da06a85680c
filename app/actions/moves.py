"""The steps by which a bug changes hands or its state; whoever takes them writes the note.

Each is one conditional UPDATE that changes something or nothing, and returns what the note of it
says.  Notes come last in a transaction (app.db.queries.activity), so that many steps can share one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlmodel import Session

from app.core.errors import AppError, Conflict, Invalid, NotFound
from app.core.vocabulary import (
    RESOLVED,
    ItemState,
    Lane,
    Phase,
    StatusCategory,
    Visibility,
)
from app.db.models import Bug, Sprint, SprintItem
from app.db.queries import bugs, outbox, sprints, teams
from app.db.queries.claiming import Chance, chance
from app.db.queries.lines import Line

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
WITHDRAWN = "what was to be told to its customers was withdrawn; say that it is released instead"


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, and when; `batch` is a word shared by what one press of a button did."""

    actor: str
    at: datetime
    batch: str = ""


Note = dict[str, Any]
"""What `activity.note` is told."""


class Claimed(NamedTuple):
    """What the note of a claim says, and the bug's line; None: it has to be read anew."""

    note: Note
    line: Line | None


def claim(db: Session, bug_id: int, team_id: int | None, act: Act) -> Claimed:
    """Take a bug for a team; one from outside the sprint's scope comes in."""
    found = chance(db, bug_id, team_id)
    if found is None:
        raise NotFound(f"There is no bug {bug_id}.")
    sprint_id = in_play(found.sprint_id, found.sprint_name, found.phase)
    _claimable(found)
    team, line = _team(found, team_id), found.line
    item_id = line.item_id if line else _placed(db, sprint_id, bug_id, act.at)
    version = sprints.take(db, item_id, team_id=team, who=act.actor, at=act.at)
    if version is None:
        raise why_not(db, _known_item(db, sprint_id, bug_id), found.title, act.at)
    facts = _facts(item_id, line.version if line else 1, version, _before(line), act)
    about = {"sprint_id": sprint_id, "bug_id": bug_id, "team_id": team, "detail": found.team}
    note = about | {"verb": "claimed", "undo": facts}
    if line is None or facts is None:  # it came in just now, or was changed since it was read
        return Claimed(note, None)
    now = line._replace(
        state=ItemState.claimed,
        owner=act.actor,
        claimed_at=act.at,
        team_id=team,
        version=version,
    )
    return Claimed(note, now)


def _before(line: Line | None) -> Note:
    """Return what a claim changes of an item, as it was; one that came in just now was open."""
    if line is None:
        return {"state": ItemState.open, "team_id": None, "claimed_by": None, "claimed_at": None}
    return {
        "state": line.state,
        "team_id": line.team_id,
        "claimed_by": line.owner,
        "claimed_at": line.claimed_at,
    }


def give_back(db: Session, bug_id: int, act: Act) -> Note:
    """Give a claimed bug back."""
    item, bug = item_and_bug(db, bug_id)
    was, seen = _now(item, "state", "claimed_by", "claimed_at"), item.version
    version = sprints.give_back(db, item.id or 0)
    if version is None:
        raise why_not(db, item, bug.title, act.at)
    facts = _facts(item.id or 0, seen, version, was, act)
    return _about(item) | {"verb": "released_claim", "undo": facts}


def move(db: Session, bug_id: int, states: Collection[ItemState], to: ItemState, act: Act) -> Note:
    """Change a bug's state from one of `states`."""
    item, bug = item_and_bug(db, bug_id)
    was, seen = _now(item, "state", "resolved_at"), item.version
    version = sprints.move(db, item.id or 0, states, to, act.at if to in RESOLVED else None)
    if version is None:
        raise why_not(db, item, bug.title, act.at)
    facts = _facts(item.id or 0, seen, version, was, act)
    if to is ItemState.reopened:
        outbox.withdraw(db, bug_id, outbox.REOPENED)
        if item.state in RESOLVED - {ItemState.fixed}:
            facts = {"no": WITHDRAWN}
    return _about(item) | {"verb": to.value, "undo": facts}


def assign(db: Session, bug_id: int, team_id: int | None, act: Act) -> Note:
    """Give a bug that nobody has claimed to a team."""
    team = teams.team(db, team_id) if team_id is not None else None
    if team is None or team.id is None:
        raise NotFound(f"There is no team {team_id}." if team_id else "Choose a team first.")
    item, bug = item_and_bug(db, bug_id)
    was, seen = _now(item, "team_id"), item.version
    version = sprints.assign(db, item.id or 0, team.id)
    if version is None:
        raise why_not(db, item, bug.title, act.at)
    facts = _facts(item.id or 0, seen, version, was, act)
    return _about(item) | {
        "verb": "assigned", "team_id": team.id, "detail": team.name, "undo": facts,
    }  # fmt: skip


def _about(item: SprintItem) -> Note:
    return {"sprint_id": item.sprint_id, "bug_id": item.bug_id, "team_id": item.team_id}


def _now(item: SprintItem, *columns: str) -> dict[str, Any]:
    return {name: getattr(item, name) for name in columns}


def _facts(item_id: int, seen: int, version: int, was: dict[str, Any], act: Act) -> Note | None:
    """Return what taking a step back needs; None when we had not seen what it changed."""
    if version != seen + 1:
        return None
    said = {n: v.isoformat() if isinstance(v, datetime) else v for n, v in was.items()}
    facts: Note = {"item": item_id, "version": version, "was": said}
    return facts | ({"batch": act.batch} if act.batch else {})


def item_and_bug(db: Session, bug_id: int) -> tuple[SprintItem, Bug]:
    """Return a bug and its place in the sprint under way."""
    bug, sprint = _bug(db, bug_id), running(db)
    assert sprint.id is not None
    item = sprints.item_of(db, sprint.id, bug_id)
    if item is None:
        raise Conflict(f"“{bug.title}” is not in {sprint.name}; claim it first.")
    return item, bug


def _claimable(found: Chance) -> None:
    if found.duplicate_of_id is not None:
        raise Conflict(f"“{found.title}” is merged into another bug; claim that one.")
    over = found.status_category == StatusCategory.done or found.visibility != Visibility.ok
    if found.line is None and over:
        raise Conflict(
            f"“{found.title}” is no longer open at its tracker, so there is nothing to do."
        )


def _placed(db: Session, sprint_id: int, bug_id: int, at: datetime) -> int:
    sprints.add_items(db, [sprints.item_row(sprint_id, bug_id, Lane.choice, at)])
    item = _known_item(db, sprint_id, bug_id)
    assert item.id is not None
    return item.id


def _known_item(db: Session, sprint_id: int, bug_id: int) -> SprintItem:
    item = sprints.item_of(db, sprint_id, bug_id)
    assert item is not None
    return item


def running(db: Session) -> Sprint:
    """Return the sprint whose board changes by hand now."""
    sprint = sprints.current_sprint(db)
    if sprint is None:
        raise Conflict(NOTHING_UNDER_WAY)
    in_play(sprint.id, sprint.name, sprint.phase)
    return sprint


def in_play(sprint_id: int | None, name: str | None, phase: Phase | None) -> int:
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


def why_not(db: Session, item: SprintItem, title: str, at: datetime) -> AppError:
    """Say why a step was not taken: who was first, or what state forbids it."""
    db.refresh(item)
    state = WORDS[item.state]
    if item.state != ItemState.claimed or item.claimed_at is None:
        return Conflict(f"“{title}” is {state}.")
    return Conflict(f"“{title}” was claimed by {item.claimed_by} {ago(at - item.claimed_at)}.")


def ago(span: timedelta) -> str:
    """Write how long ago something was."""
    seconds = max(0, round(span.total_seconds()))
    for size, word in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {word} ago"
    return f"{seconds} s ago"
