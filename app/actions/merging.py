"""Say that several bugs are one, and take it back; counts follow."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from app.actions import scores
from app.core.duplicates import roots_of, would_circle
from app.core.errors import Conflict, NotFound
from app.core.vocabulary import CLAIMABLE, ItemState
from app.db.models import Bug
from app.db.queries import activity, bugs, rankings, sprints


def merge(db: Session, bug_id: int, into_id: int, *, actor: str, at: datetime) -> None:
    """Count a bug's tickets for another one from now on."""
    bug, into = _bug(db, bug_id), _bug(db, into_id)
    edges = bugs.merge_edges(db)
    if bug_id == into_id or would_circle(edges, bug_id, into_id):
        raise Conflict(f"“{bug.title}” and “{into.title}” are one bug already.")
    bugs.add_merge(db, bug_id, into_id, by=actor, at=at)
    # A bug that was merged elsewhere leaves that group, whose count changes as well.
    touched = _regroup(db, {bug_id, into_id, edges.get(bug_id, into_id)})
    _leave_sprints(db, bug_id)
    activity.note(
        db, at=at, actor=actor, verb="merged", bug_id=bug_id, detail=into.key, bugs=touched
    )
    scores.rescore(db, touched, at=at)
    db.commit()


def unmerge(db: Session, bug_id: int, *, actor: str, at: datetime) -> None:
    """Let a merged bug stand for itself again, as it did before; no tracker merges it anew."""
    bug = _bug(db, bug_id)
    before = bug.duplicate_of_id
    if bug_id not in bugs.merge_edges(db):
        raise Conflict(f"“{bug.title}” is not merged into another bug.")
    bugs.add_merge(db, bug_id, None, by=actor, at=at)
    touched = _regroup(db, {bug_id, before or bug_id})
    for item in sprints.live_items(db, [bug_id]):
        back = ItemState.claimed if item.claimed_by else ItemState.open
        sprints.move(db, item.id or 0, {ItemState.duplicate}, back, None)
    activity.note(db, at=at, actor=actor, verb="unmerged", bug_id=bug_id, bugs=touched)
    scores.rescore(db, touched, at=at)
    db.commit()


def follow_tracker(
    db: Session, pairs: Mapping[int, int], *, seen: Sequence[int], by: str, at: datetime
) -> None:
    """Merge what the tracker calls duplicates, unmerge what it no longer does; a step of sync."""
    stored = {merge.bug_id: merge for merge in bugs.merges(db)}
    edges = bugs.merge_edges(db)
    touched: set[int] = set()
    for bug_id in seen:
        into, known = pairs.get(bug_id), stored.get(bug_id)
        if known and known.by != by:
            continue
        if into is None and known:
            bugs.drop_merge(db, bug_id)
            touched |= {bug_id, edges.pop(bug_id)}
        elif into and edges.get(bug_id) != into and not would_circle(edges, bug_id, into):
            bugs.add_merge(db, bug_id, into, by=by, at=at)
            touched |= {bug_id, into, edges.get(bug_id, into)}
            edges[bug_id] = into
    if touched:
        rankings.mark_stale(db, _regroup(db, touched))


def _regroup(db: Session, touched: set[int]) -> list[int]:
    """Store who stands for whom; return every bug whose count may have changed."""
    edges = bugs.merge_edges(db)
    roots = roots_of(edges)
    changed = set(touched)
    for start in sorted(touched):
        for bug_id in {*bugs.group_of(db, start), start, *_members(roots, start)}:
            changed |= {bug_id, roots.get(bug_id, bug_id)}
            bugs.set_root(db, bug_id, roots.get(bug_id))
    db.expire_all()
    return sorted(changed)


def _members(roots: Mapping[int, int], bug_id: int) -> set[int]:
    root = roots.get(bug_id, bug_id)
    return {member for member, top in roots.items() if top == root} | {root}


def _leave_sprints(db: Session, bug_id: int) -> None:
    for item in sprints.live_items(db, [bug_id]):
        states = {*CLAIMABLE, ItemState.claimed}
        sprints.move(db, item.id or 0, states, ItemState.duplicate, None)


def _bug(db: Session, bug_id: int) -> Bug:
    found = bugs.bug(db, bug_id)
    if found is None:
        raise NotFound(f"There is no bug {bug_id}.")
    return found
