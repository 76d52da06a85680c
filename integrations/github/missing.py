"""What became of an issue that is in no list any more: deleted, hidden, moved, or still there."""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from integrations.contract import Gone, IssueRecord, Rejected
from integrations.errors import Denied, Unreadable
from integrations.github.api import Api, Elsewhere
from integrations.github.records import Reading, issue
from integrations.http import Answer

ADDRESS = re.compile(r"(?:^|/)([\w.-]+/[\w.-]+)(?:/issues/|#)(\d{1,12})$", re.ASCII)


def look_up(
    api: Api, external_id: str, names: Sequence[str], how: Reading, repositories: Sequence[str]
) -> IssueRecord | Gone:
    """The issue as it is now; else what is known of it, rather “moved” than “deleted”."""
    gone = Gone(external_id, "deleted")
    for address in addresses(names):
        found = _ask(api, address, external_id, how)
        if isinstance(found, IssueRecord):
            if found.external_id != external_id:
                return _moved(found, external_id, names, repositories)
            return msgspec.structs.replace(found, names=_united(found.names, names))
        if found.visibility != "deleted":
            gone = found
    return gone


def addresses(names: Iterable[str]) -> Iterator[str]:
    """Every API path that the names lead to, each once."""
    seen = set()
    for name in names:
        found = ADDRESS.search(name)
        path = f"/repos/{found[1]}/issues/{found[2]}".lower() if found else None
        if path and path not in seen:
            seen.add(path)
            yield path


def _ask(api: Api, path: str, external_id: str, how: Reading) -> IssueRecord | Gone:
    try:
        answer = api.ask(path, expect=(404, 410))
    except Denied:
        return Gone(external_id, "forbidden")
    except Elsewhere:
        return Gone(external_id, "moved")
    was_sent_on = not answer.url.lower().split("?")[0].endswith(path)
    if answer.status != 200:
        return Gone(external_id, "moved" if was_sent_on else "deleted")
    return _read(answer, external_id, how, was_sent_on=was_sent_on)


def _read(
    answer: Answer, external_id: str, how: Reading, *, was_sent_on: bool
) -> IssueRecord | Gone:
    found = issue(answer.json(dict), how)
    if isinstance(found, Rejected):
        raise Unreadable(found.reason)
    if found and (found.external_id == external_id or was_sent_on):
        return found
    return Gone(external_id, "deleted")


def _moved(
    found: IssueRecord, external_id: str, names: Sequence[str], repositories: Sequence[str]
) -> IssueRecord:
    """The old issue lives on elsewhere under a new id: closed here, but no fix."""
    is_read = found.key.rpartition("#")[0].lower() in {name.lower() for name in repositories}
    return msgspec.structs.replace(
        found,
        external_id=external_id,
        names=tuple(names) if is_read else _united(found.names, names),
        status_category="done",
        resolution="moved",
        closed_at=None,
        visibility="moved",
        duplicate_of=found.external_id if is_read else None,
    )


def _united(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))
