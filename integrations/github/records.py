"""GitHub's issue → our record.  Pure; what cannot be read is refused alone."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from integrations.contract import IssueRecord, Rejected, Resolution
from integrations.github.options import Severity

EARLIEST = 1971
RESOLUTIONS: Mapping[str, Resolution] = {
    "completed": "fixed",
    "not_planned": "wontfix",
    "duplicate": "duplicate",
}
WORDS: Mapping[str, Severity] = {
    "critical": "S1",
    "major": "S2",
    "minor": "S3",
    "trivial": "S4",
    "s1": "S1",
    "s2": "S2",
    "s3": "S3",
    "s4": "S4",
}
SEVERITIES: Mapping[str, Severity] = {
    **{word: level for word, level in WORDS.items() if len(word) == 2},
    **{f"severity:{word}": level for word, level in WORDS.items()},
}


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """How issues are read: with or without their text, and what their labels mean."""

    keep_text: bool = True
    severities: Mapping[str, Severity] = msgspec.field(default_factory=lambda: SEVERITIES)


class _Issue(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    number: int
    title: str
    state: str
    url: str
    html_url: str
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    node_id: str | None = None
    state_reason: str | None = None
    body: str | None = None
    labels: list[Any] | None = None
    assignees: list[Any] | None = None
    assignee: Any = None
    user: Any = None
    type: Any = None


def reading(severity_labels: Mapping[str, Severity], *, keep_text: bool) -> Reading:
    """The labels named in the options come on top of those we know."""
    own = {_plain(label): level for label, level in severity_labels.items()}
    return Reading(keep_text=keep_text, severities={**SEVERITIES, **own})


def issue(item: Any, how: Reading) -> IssueRecord | Rejected | None:
    """One item of a list; None for a pull request."""
    if _is_pull(item):
        return None
    try:
        return _record(msgspec.convert(item, _Issue), how)
    except (msgspec.ValidationError, ValueError, OverflowError) as error:
        reason = f"The issue {_shown(item)} cannot be read: {error}."
        return Rejected(identity(item), reason, _payload(item, how))


def identity(item: Any) -> str | None:
    """The id that an issue has even when the rest cannot be read; None for a pull request."""
    found = item.get("id") if isinstance(item, dict) and not _is_pull(item) else None
    return str(found) if isinstance(found, int) else None


def changed_at(item: Any) -> datetime | None:
    """When an item changed last, pull requests and unreadable items included."""
    try:
        return _utc(msgspec.convert(item["updated_at"], datetime))
    except (msgspec.ValidationError, KeyError, TypeError, OverflowError):
        return None


def _is_pull(item: Any) -> bool:
    return isinstance(item, dict) and bool(item.get("pull_request"))


def _payload(item: Any, how: Reading) -> str:
    if isinstance(item, dict) and not how.keep_text:
        item = {name: value for name, value in item.items() if name != "body"}
    return msgspec.json.encode(item).decode()


def _record(raw: _Issue, how: Reading) -> IssueRecord:
    repository = _repository(raw)
    closed = raw.state == "closed"
    labels = _named(raw.labels, "name")
    return IssueRecord(
        external_id=str(raw.id),
        key=f"{repository}#{raw.number}",
        names=_names(raw, repository),
        url=raw.html_url,
        title=_clean(raw.title),
        text=_clean(raw.body or "") if how.keep_text else "",
        type=next(iter(_named([raw.type], "name")), None),
        status_raw=raw.state,
        status_category="done" if closed else "open",
        resolution=RESOLUTIONS.get(raw.state_reason or "", "unknown") if closed else None,
        priority_raw=None,
        severity=_severity(labels, how.severities),
        labels=labels,
        components=(),
        assignees=_named(raw.assignees or [raw.assignee], "login"),
        reporter=next(iter(_named([raw.user], "login")), None),
        created_at=_utc(raw.created_at),
        updated_at=_utc(raw.updated_at),
        closed_at=_known(raw.closed_at) if closed else None,
    )


def _repository(raw: _Issue) -> str:
    for address in (raw.html_url, raw.url):
        found = re.search(r"/([^/]+/[^/]+)/issues/\d+$", urlsplit(address).path)
        if found:
            return found[1]
    raise ValueError("its address names no repository")


def _names(raw: _Issue, repository: str) -> tuple[str, ...]:
    names = (
        raw.html_url,
        raw.url,
        f"{repository}#{raw.number}",
        f"{repository}/issues/{raw.number}",
        raw.node_id,
        f"id:{raw.id}",
    )
    return tuple(dict.fromkeys(name for name in names if name))


def _named(items: list[Any] | None, key: str) -> tuple[str, ...]:
    found = (item.get(key) if isinstance(item, dict) else item for item in items or ())
    return tuple(dict.fromkeys(_clean(name) for name in found if isinstance(name, str) and name))


def _severity(labels: tuple[str, ...], known: Mapping[str, Severity]) -> Severity | None:
    levels = [known[plain] for label in labels if (plain := _plain(label)) in known]
    return min(levels, default=None)


def _plain(label: str) -> str:
    return re.sub(r"\s*[:/]\s*", ":", label.strip().casefold())


def _clean(text: str) -> str:
    return text.replace("\0", "")


def _known(at: datetime | None) -> datetime | None:
    return _utc(at) if at and at.year >= EARLIEST else None


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _shown(item: Any) -> str:
    found = (item.get("number") or item.get("id")) if isinstance(item, dict) else None
    return str(found)[:40] if found else "without number"
