"""Bugs as their tracker shows them, and what that means for the sprint they are in."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from app.actions import linking, merging
from app.core.areas import AreaRule, area_of
from app.core.privacy import masked
from app.core.references import own_names, web_address
from app.core.vocabulary import (
    CLAIMABLE,
    LEFT,
    RESOLVED,
    ItemState,
    Resolution,
    StatusCategory,
    Visibility,
)
from app.db.models import Bug, SprintItem
from app.db.queries import activity, bugs, outbox, rankings, sprints, teams
from integrations.contract import Gone, IssueRecord

ENDINGS = {
    Resolution.fixed: ItemState.fixed,
    Resolution.duplicate: ItemState.duplicate,
    Resolution.wontfix: ItemState.wontfix,
    Resolution.invalid: ItemState.wontfix,
    Resolution.moved: ItemState.wontfix,
}


class BugIntake:
    """Writes one page of a tracker's bugs."""

    def __init__(self, db: Session, source_id: int, source_name: str, at: datetime) -> None:
        self.db = db
        self.source_id = source_id
        self.source_name = source_name
        self.at = at
        self.changed: list[int] = []

    def keep(self, records: Sequence[IssueRecord], *, keep_text: bool) -> None:
        """Insert or refresh bugs, their names, areas, duplicates and sprint items."""
        if not records:
            return
        newest = {r.external_id: r for r in sorted(records, key=lambda r: r.updated_at)}
        before = {
            key: (bug.status_category, bug.resolution, bug.severity, bug.visibility)
            for key, bug in bugs.known_bugs(self.db, self.source_id, newest).items()
        }
        rules = area_rules(self.db)
        rows = [self._row(r, rules, keep_text=keep_text) for r in newest.values()]
        bugs.keep_bugs(self.db, rows)
        self.db.expire_all()
        now = bugs.known_bugs(self.db, self.source_id, newest)
        ids = {key: bug.id for key, bug in now.items() if bug.id is not None}
        bugs.keep_names(
            self.db,
            (
                (ids[r.external_id], name)
                for r in newest.values()
                for name in sorted(own_names(r.external_id, r.key, r.names))
            ),
        )
        linking.connect(self.db, bug_ids=sorted(ids.values()), at=self.at)
        self._follow_duplicates({k: r for k, r in newest.items() if _is_current(r, now[k])}, ids)
        self._rescore_changed(before, now)
        self._follow_states(before, now)

    def bury(self, records: Sequence[Gone]) -> None:
        """Note bugs that the tracker no longer shows: kept, not open, not resolved."""
        for record in records:
            bugs.set_visibility(
                self.db, self.source_id, record.external_id, Visibility(record.visibility)
            )
        if records:
            rankings.reorder(self.db)

    def _row(
        self, r: IssueRecord, rules: Sequence[AreaRule], *, keep_text: bool
    ) -> dict[str, object]:
        return {
            "source_id": self.source_id,
            "external_id": r.external_id,
            "key": r.key,
            "url": web_address(r.url),
            "title": masked(r.title),
            "text": masked(r.text) if keep_text else "",
            "type": r.type,
            "status_raw": r.status_raw,
            "status_category": r.status_category,
            "resolution": r.resolution,
            "priority_raw": r.priority_raw,
            "severity": r.severity,
            "labels": list(r.labels),
            "components": list(r.components),
            "assignees": list(r.assignees),
            "reporter": r.reporter,
            "created_at": r.created_at,
            "updated_at": r.updated_at,
            "closed_at": r.closed_at,
            "visibility": r.visibility,
            "area_id": area_of(rules, labels=r.labels, components=r.components, title=r.title),
        }

    def _follow_duplicates(
        self, records: Mapping[str, IssueRecord], ids: Mapping[str, int]
    ) -> None:
        targets = {r.duplicate_of for r in records.values() if r.duplicate_of}
        known = bugs.known_bugs(self.db, self.source_id, targets)
        pairs = {
            ids[r.external_id]: known[r.duplicate_of].id
            for r in records.values()
            if r.duplicate_of in known
        }
        merging.follow_tracker(
            self.db,
            {bug_id: into for bug_id, into in pairs.items() if into},
            seen=sorted(ids[key] for key in records),
            by=self.source_name,
            at=self.at,
        )

    def _rescore_changed(
        self, before: Mapping[str, tuple[object, ...]], now: Mapping[str, Bug]
    ) -> None:
        rankings.mark_stale(
            self.db,
            [
                bug.id
                for key, bug in now.items()
                if bug.id and key in before and before[key][2] != bug.severity
            ],
        )

    def _follow_states(
        self, before: Mapping[str, tuple[object, ...]], now: Mapping[str, Bug]
    ) -> None:
        moved = {
            bug.id: bug
            for key, bug in now.items()
            if bug.id and before.get(key, (None, None))[:2] != (bug.status_category, bug.resolution)
        }
        if moved or any(before[key][3] != bug.visibility for key, bug in now.items()):
            rankings.reorder(self.db)
        for item in sprints.live_items(self.db, list(moved)) if moved else ():
            self._follow(item, moved[item.bug_id])

    def _follow(self, item: SprintItem, bug: Bug) -> None:
        assert item.id is not None
        state = _state_after(item.state, bug)
        if state is None:
            return
        ended = (bug.closed_at or self.at) if state in RESOLVED else None
        sprints.move(self.db, item.id, {item.state}, state, ended)
        if state is ItemState.reopened:
            outbox.withdraw(self.db, item.bug_id, outbox.REOPENED)
        activity.note(
            self.db,
            at=ended or self.at,
            actor=self.source_name,
            verb=state.value,
            sprint_id=item.sprint_id,
            bug_id=item.bug_id,
            team_id=item.team_id,
        )
        self.changed.append(item.bug_id)


def _is_current(record: IssueRecord, bug: Bug) -> bool:
    """Say whether a record is what was stored, not an older version that came late."""
    return record.updated_at == bug.updated_at


def _state_after(state: ItemState, bug: Bug) -> ItemState | None:
    """Return where an item goes because of its tracker; None: it stays where it is."""
    if bug.status_category == StatusCategory.done:
        ending = ENDINGS.get(bug.resolution) if bug.resolution else None
        waiting = state in CLAIMABLE or state == ItemState.claimed
        return ending if waiting else None
    came_back = state in RESOLVED or state in LEFT - {ItemState.declined, ItemState.duplicate}
    return ItemState.reopened if came_back else None


def area_rules(db: Session) -> list[AreaRule]:
    """Return every area's patterns in the order in which they are tried."""
    return [AreaRule(area.id or 0, tuple(area.matches)) for area in teams.areas(db)]
