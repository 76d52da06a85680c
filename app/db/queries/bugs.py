"""Bugs: kept in bulk, found by name, merged and unmerged."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from app.core.vocabulary import Visibility
from app.db.models import Bug, BugName, BugScore, Merge, Source
from app.db.queries.upsert import chunks, insert_missing, upsert

KEYS = ("source_id", "external_id")


def keep_bugs(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Insert bugs or refresh the ones we have; an older version changes nothing."""
    upsert(db, Bug, rows, keys=KEYS, newer="updated_at")


def keep_names(db: Session, names: Iterable[tuple[int, str]]) -> None:
    """Add names; a name once given is kept for ever, because old links use it."""
    rows = [{"name": name, "bug_id": bug_id} for bug_id, name in names]
    insert_missing(db, BugName, rows, keys=("name", "bug_id"))


def known_bugs(db: Session, source_id: int, external_ids: Collection[str]) -> dict[str, Bug]:
    """Return a source's bugs that we have."""
    found: dict[str, Bug] = {}
    for some in chunks(sorted(external_ids)):
        known = select(Bug).where(Bug.source_id == source_id, col(Bug.external_id).in_(some))
        found |= {bug.external_id: bug for bug in db.exec(known)}
    return found


def shown_bugs(db: Session, source_id: int) -> dict[str, int]:
    """Return external id → id of the bugs that the source still showed us at the last look."""
    shown = select(Bug.external_id, Bug.id).where(
        Bug.source_id == source_id, Bug.visibility == Visibility.ok
    )
    return {external: number for external, number in db.exec(shown) if number}


def names_of(db: Session, bug_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return every name of these bugs."""
    found: dict[int, list[str]] = {bug_id: [] for bug_id in bug_ids}
    for some in chunks(bug_ids):
        for name in db.exec(select(BugName).where(col(BugName.bug_id).in_(some))):
            found[name.bug_id].append(name.name)
    return found


def known_names(db: Session, names: Sequence[str]) -> set[str]:
    """Return those of these (normal) names that some bug bears."""
    found: set[str] = set()
    for some in chunks(names):
        found |= set(db.exec(select(BugName.name).where(col(BugName.name).in_(some))))
    return found


def set_visibility(db: Session, source_id: int, external_id: str, seen: Visibility) -> None:
    """Note that the tracker no longer shows a bug, or shows it again."""
    db.exec(
        update(Bug)
        .where(col(Bug.source_id) == source_id, col(Bug.external_id) == external_id)
        .values(visibility=seen)
    )


def bug(db: Session, bug_id: int) -> Bug | None:
    """Return one bug."""
    return db.get(Bug, bug_id)


def bugs_by_id(db: Session, bug_ids: Sequence[int]) -> dict[int, Bug]:
    """Return bugs by id."""
    found: dict[int, Bug] = {}
    for some in chunks(bug_ids):
        found |= {b.id: b for b in db.exec(select(Bug).where(col(Bug.id).in_(some))) if b.id}
    return found


def bug_named(db: Session, name: str) -> list[int]:
    """Return the bugs that bear a (normal) name."""
    return list(db.exec(select(BugName.bug_id).where(BugName.name == name)))


def bugs_keyed(db: Session, key: str) -> list[int]:
    """Return the bugs with a key, as it is shown; not every key has the form of a name."""
    shown = select(Bug.id).where(func.lower(Bug.key) == key.lower())
    return [number for number in db.exec(shown) if number]


def search_bugs(db: Session, words: Sequence[str], *, limit: int) -> Sequence[Bug]:
    """Return bugs whose title or key contains every word, worst first."""
    found = (
        select(Bug)
        .outerjoin(BugScore, col(BugScore.bug_id) == col(Bug.id))
        .where(col(Bug.duplicate_of_id).is_(None))
    )
    for word in words:
        inside = col(Bug.title).icontains(word, autoescape=True)
        found = found.where(inside | col(Bug.key).icontains(word, autoescape=True))
    score = func.coalesce(col(BugScore.score), 0.0)
    return db.exec(found.order_by(score.desc(), col(Bug.id)).limit(limit)).all()


def group_of(db: Session, bug_id: int) -> list[int]:
    """Return a bug and everything merged into it."""
    merged = select(Bug.id).where(Bug.duplicate_of_id == bug_id).order_by(col(Bug.id))
    return [bug_id, *(number for number in db.exec(merged) if number)]


def merges(db: Session) -> Sequence[Merge]:
    """Return every merge, and every word that two bugs are not one."""
    return db.exec(select(Merge).order_by(col(Merge.id))).all()


def merge_edges(db: Session) -> dict[int, int]:
    """Return which bug is merged into which."""
    return {merge.bug_id: merge.into_id for merge in merges(db) if merge.into_id is not None}


def add_merge(db: Session, bug_id: int, into_id: int | None, *, by: str, at: datetime) -> None:
    """Note that one bug is another, or (None) surely is not; an earlier note is replaced."""
    drop_merge(db, bug_id)
    db.add(Merge(bug_id=bug_id, into_id=into_id, by=by, at=at))
    db.flush()


def drop_merge(db: Session, bug_id: int) -> bool:
    """Take a merge back; False when there was none."""
    found = db.exec(select(Merge).where(Merge.bug_id == bug_id)).one_or_none()
    if found is not None:
        db.delete(found)
        db.flush()
    return found is not None


def set_root(db: Session, bug_id: int, root_id: int | None) -> None:
    """Store which bug stands for this one (None: itself)."""
    db.exec(update(Bug).where(col(Bug.id) == bug_id).values(duplicate_of_id=root_id))


def set_area(db: Session, pairs: Iterable[tuple[int, int | None]]) -> None:
    """Store the areas of bugs."""
    for bug_id, area_id in pairs:
        db.exec(update(Bug).where(col(Bug.id) == bug_id).values(area_id=area_id))


def page_of_bugs(db: Session, *, after: int, limit: int) -> Sequence[Bug]:
    """Return bugs by id, for lists that are read to the end."""
    newer = select(Bug).where(col(Bug.id) > after).order_by(col(Bug.id)).limit(limit)
    return db.exec(newer).all()


def source_names(db: Session) -> dict[int, str]:
    """Return the names of all sources by id."""
    return {number: name for number, name in db.exec(select(Source.id, Source.name)) if number}
