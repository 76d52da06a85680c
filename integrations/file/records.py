"""One row under our names → one of our records.  Pure."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal, TypeVar

import msgspec

from integrations.contract import CustomerRecord, IssueRecord, Resolution, StatusCategory
from integrations.file import cells
from integrations.file.mapping import plain

T = TypeVar("T")
Record = IssueRecord | CustomerRecord
Severity = Literal["S1", "S2", "S3", "S4"]

STATUSES: Mapping[str, StatusCategory] = {
    **dict.fromkeys(("", "open", "new", "unconfirmed", "reopened", "to_do", "todo"), "open"),
    **dict.fromkeys(("backlog", "triage", "confirmed", "feedback", "waiting"), "open"),
    **dict.fromkeys(("in_progress", "assigned", "started", "doing", "in_review"), "in_progress"),
    **dict.fromkeys(("done", "closed", "resolved", "fixed", "verified", "released"), "done"),
    **dict.fromkeys(("wontfix", "duplicate", "invalid", "rejected", "cancelled"), "done"),
    **dict.fromkeys(("canceled", "completed", "moved"), "done"),
}
RESOLUTIONS: Mapping[str, Resolution] = {
    **dict.fromkeys(("fixed", "completed", "done"), "fixed"),
    **dict.fromkeys(("wontfix", "won't_fix", "won’t_fix", "not_planned", "rejected"), "wontfix"),
    **dict.fromkeys(("cancelled", "canceled"), "wontfix"),
    **dict.fromkeys(("duplicate", "dup"), "duplicate"),
    **dict.fromkeys(("invalid", "worksforme", "cannot_reproduce", "not_a_bug"), "invalid"),
    "moved": "moved",
}
REASONS = {word: RESOLUTIONS[word] for word in RESOLUTIONS if word not in ("done", "completed")}
"""Statuses that say why by themselves; that a bug is done does not say it was fixed."""
SEVERITIES: Mapping[str, Severity] = {
    **dict.fromkeys(("s1", "1", "blocker", "critical"), "S1"),
    **dict.fromkeys(("s2", "2", "major", "high"), "S2"),
    **dict.fromkeys(("s3", "3", "normal", "medium", "minor"), "S3"),
    **dict.fromkeys(("s4", "4", "low", "trivial"), "S4"),
}
NOTHING = frozenset({"", "---", "--", "-", "none", "null", "n/a", "unresolved", "unknown"})


class BadCell(ValueError):
    """A cell that cannot be read; the text names its field and what is in it."""


def customer(row: Mapping[str, Any]) -> CustomerRecord:
    """Raises BadCell."""
    return CustomerRecord(
        external_id=_needed(row, "external_id"),
        name=_needed(row, "name"),
        tier=_cell(row, "tier", cells.text) or None,
        arr_cents=_cell(row, "arr", cells.cents),
        renewal_on=_cell(row, "renewal_on", cells.day),
        domains=tuple(word.lower().lstrip("@") for word in _cell(row, "domains", cells.words)),
    )


def bug(row: Mapping[str, Any], *, written_at: datetime, keep_text: bool = True) -> IssueRecord:
    """Raises BadCell; `written_at` stands for a missing created_at."""
    identity, category, resolution = _needed(row, "external_id"), *_state(row)
    key = _cell(row, "key", cells.text) or identity
    number = f"bug {key}" if key.isdecimal() else None
    url = _url(row)
    created_at = _cell(row, "created_at", cells.moment) or written_at
    closed_at = _cell(row, "closed_at", cells.moment) if category == "done" else None
    return IssueRecord(
        external_id=identity,
        key=key,
        names=tuple(dict.fromkeys(name for name in (key, number, identity, url) if name)),
        url=url,
        title=_needed(row, "title"),
        text=_cell(row, "text", cells.text) if keep_text else "",
        type=_cell(row, "type", cells.text) or None,
        status_raw=_cell(row, "status", cells.text) or category,
        status_category=category,
        resolution=resolution,
        priority_raw=_cell(row, "priority", cells.text) or None,
        severity=SEVERITIES.get(plain(_cell(row, "severity", cells.text))),
        labels=_cell(row, "labels", cells.words),
        components=_cell(row, "component", cells.words),
        assignees=_cell(row, "assignees", cells.words),
        reporter=None,
        created_at=created_at,
        updated_at=_cell(row, "updated_at", cells.moment)
        or max(created_at, closed_at or created_at),
        closed_at=closed_at,
        duplicate_of=_cell(row, "duplicate_of", cells.text) or None,
    )


def unknown_words(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Statuses, resolutions and severities we have no meaning for, and what they count as."""
    status, resolution, severity = (
        _cell(row, field, cells.text) for field in ("status", "resolution", "severity")
    )
    said = []
    if plain(status) not in STATUSES:
        said.append(f"The status “{status}” is not known and counts as open.")
    if plain(resolution) not in NOTHING | RESOLUTIONS.keys():
        said.append(f"The resolution “{resolution}” is not known and does not count as a fix.")
    if plain(severity) not in NOTHING | SEVERITIES.keys():
        said.append(f"The severity “{severity}” is not known and is left open.")
    return tuple(said)


def as_text(row: Mapping[str, Any], *, without: str | None = None) -> str:
    """A refused row as JSON, for whoever mends it."""
    return msgspec.json.encode({k: v for k, v in row.items() if k != without}).decode()


def _state(row: Mapping[str, Any]) -> tuple[StatusCategory, Resolution | None]:
    status = plain(_cell(row, "status", cells.text))
    said = plain(_cell(row, "resolution", cells.text))
    category = STATUSES.get(status, "open")
    if not status and (said not in NOTHING or _cell(row, "closed_at", cells.moment)):
        category = "done"
    if category != "done":
        return category, None
    if said in NOTHING:
        return category, "duplicate" if row.get("duplicate_of") else REASONS.get(status, "unknown")
    return category, RESOLUTIONS.get(said, "unknown")


def _url(row: Mapping[str, Any]) -> str | None:
    url = _cell(row, "url", cells.text)
    if url and not url.lower().startswith(("http://", "https://")):
        raise BadCell(f"url “{url[:60]}” does not begin with https:// or http://")
    return url or None


def _needed(row: Mapping[str, Any], field: str) -> str:
    value = _cell(row, field, cells.text)
    if not value:
        raise BadCell(f"{field} is empty")
    return value


def _cell(row: Mapping[str, Any], field: str, read: Callable[[Any], T]) -> T:
    try:
        return read(row.get(field))
    except ValueError as error:
        raise BadCell(f"{field} {error}") from None
