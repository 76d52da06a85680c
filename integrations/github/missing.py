"""What became of an issue that is in no list any more: deleted, hidden, moved, or still there."""

import re
from collections.abc import Collection, Iterable, Sequence

import msgspec

from integrations.contract import Gone, IssueRecord, Rejected
from integrations.errors import Denied, Unreadable
from integrations.github.api import Api, Elsewhere
from integrations.github.records import Reading, issue

ADDRESS = re.compile(r"(?:^|/)([\w.-]+/[\w.-]+)(?:/issues/|#)(\d{1,12})$", re.ASCII)


class Moved(msgspec.Struct, frozen=True):
    """GitHub sent us on, and there it is."""

    to: IssueRecord


def look_up(
    api: Api, external_id: str, names: Sequence[str], how: Reading, repositories: Sequence[str]
) -> IssueRecord | Gone:
    """The issue as it is now; else what is known of it, rather “moved” than “deleted”."""
    read = {name.lower() for name in repositories}
    gone = Gone(external_id, "deleted")
    for address in addresses(names, read):
        found = _ask(api, address, external_id, how)
        if isinstance(found, Moved):
            return _after_move(found.to, external_id, names, read)
        if isinstance(found, IssueRecord):
            return _renamed(found, names)
        if found.visibility != "deleted":
            gone = found
    return gone


def addresses(names: Iterable[str], read: Collection[str]) -> list[str]:
    """Every API path that the names lead to, each once; repositories we read come first.

    So an issue that moved away is found by its old address again, and not taken for present.
    """
    found = (ADDRESS.search(name.lower()) for name in names)
    homes = dict.fromkeys((match[1], match[2]) for match in found if match)
    ordered = sorted(homes, key=lambda home: home[0] not in read)
    return [f"/repos/{home}/issues/{number}" for home, number in ordered]


def _ask(api: Api, path: str, external_id: str, how: Reading) -> IssueRecord | Moved | Gone:
    try:
        answer = api.ask(path, expect=(404, 410))
    except Denied:
        return Gone(external_id, "forbidden")
    except Elsewhere:
        return Gone(external_id, "moved")
    was_sent_on = not answer.url.lower().split("?")[0].endswith(path)
    if answer.status != 200:
        return Gone(external_id, "moved" if was_sent_on else "deleted")
    found = issue(answer.json(dict), how)
    if isinstance(found, Rejected):
        raise Unreadable(found.reason)
    if found and was_sent_on:
        return Moved(found)
    if found and found.external_id == external_id:
        return found
    return Gone(external_id, "deleted")


def _after_move(
    found: IssueRecord, external_id: str, names: Sequence[str], read: Collection[str]
) -> IssueRecord:
    """Out of our repositories it is closed for us, but no fix; inside them it lives on."""
    is_read = found.key.rpartition("#")[0].lower() in read
    is_itself = found.external_id == external_id
    if is_read and is_itself:
        return _renamed(found, names)
    return msgspec.structs.replace(
        found,
        external_id=external_id,
        names=tuple(names) if is_read else _renamed(found, names).names,
        status_category="done",
        resolution="moved",
        closed_at=None,
        visibility="moved",
        duplicate_of=found.external_id if is_read else None,
    )


def _renamed(found: IssueRecord, names: Sequence[str]) -> IssueRecord:
    return msgspec.structs.replace(found, names=tuple(dict.fromkeys((*found.names, *names))))
