"""Issue reads and write-backs of the simulated repository."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from integrations.simulators.answers import Refused
from integrations.simulators.github.repo import REPO_ID, WALL, Repository
from integrations.simulators.github.shapes import issue_row, label_row, remark_row, user_row
from integrations.simulators.model import Bug, Reason, Remark

DOCS = "https://docs.github.com/rest"
TOO_DEEP = (
    "Pagination with the page parameter is not supported for large datasets, "
    "please use cursor based pagination (after/before)"
)
REASONS: dict[object, Reason] = {
    "completed": "completed",
    "not_planned": "not_planned",
    "duplicate": "duplicate",
}


def refused(status: int, message: str) -> Refused:
    """A refusal in GitHub's shape."""
    body = {"message": message, "documentation_url": DOCS, "status": str(status)}
    return Refused(status, body)


def _number(query: QueryParams, name: str, usual: int) -> int:
    text = query.get(name, str(usual))
    return int(text) if text.isdigit() and int(text) > 0 else usual


def _since(query: QueryParams) -> datetime | None:
    text = query.get("since")
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise refused(422, "Validation Failed: since is not an ISO 8601 time") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _chosen(repo: Repository, query: QueryParams) -> list[Bug]:
    state, since = query.get("state", "open"), _since(query)
    labels = {part for part in query.get("labels", "").split(",") if part}
    rows = [
        bug
        for bug in repo.shown()
        if (state == "all" or bug.open == (state == "open"))
        and (since is None or bug.updated_at >= since)
        and labels <= set(bug.labels)
    ]
    sort = query.get("sort", "created")
    moment = "updated_at" if sort == "updated" else "created_at"
    rows.sort(key=lambda bug: (getattr(bug, moment), bug.id))
    return rows if query.get("direction", "desc") == "asc" else rows[::-1]


def page_of_issues(
    repo: Repository, base: str, query: QueryParams, version: str
) -> tuple[list[dict[str, Any]], str | None]:
    """One page, and the Link header, whose next address uses the repository's number."""
    size, page = min(100, _number(query, "per_page", 30)), _number(query, "page", 1)
    if page * size > WALL:
        raise refused(422, TOO_DEEP)
    rows = _chosen(repo, query)
    shown = rows[(page - 1) * size : page * size]
    last = max(1, -(-len(rows) // size))
    newest = max((bug.updated_at for bug in shown), default=repo.store.bugs_served)
    repo.store.bugs_served = max(repo.store.bugs_served, newest)
    links = []
    if page < last:
        links += [_link(base, query, page + 1, "next"), _link(base, query, last, "last")]
    if page > 1:
        links += [_link(base, query, page - 1, "prev"), _link(base, query, 1, "first")]
    return [issue_row(repo, base, bug, version) for bug in shown], ", ".join(links) or None


def _link(base: str, query: QueryParams, page: int, rel: str) -> str:
    address = f"{base}/repositories/{REPO_ID}/issues?{urlencode({**dict(query), 'page': page})}"
    return f'<{address}>; rel="{rel}"'


def find(repo: Repository, base: str, text: str) -> Bug:
    """The issue of a path; says how a missing one left."""
    bug = repo.find(int(text)) if text.isdigit() else None
    if bug is None or bug.gone == "hidden":
        raise refused(404, "Not Found")
    if bug.gone == "deleted":
        raise refused(410, "This issue was deleted")
    if bug.gone == "moved":
        address = f"{base}/repositories/{REPO_ID + 1}/issues/{bug.id}"
        body = {"message": "Moved Permanently", "url": address, "documentation_url": DOCS}
        raise Refused(301, body, {"location": address})
    return bug


def change(repo: Repository, bug: Bug, wish: dict[str, Any]) -> None:
    """PATCH: title, state with its reason, assignees; labels are dropped without push right."""
    now = repo.now()
    if wish.get("state") == "closed":
        bug.open, bug.closed_at = False, now
        bug.reason = REASONS.get(wish.get("state_reason"), "completed")
    elif wish.get("state") == "open" and not bug.open:
        bug.open, bug.closed_at, bug.reason = True, None, "reopened"
    if isinstance(wish.get("title"), str):
        bug.title = wish["title"]
    if isinstance(wish.get("assignees"), list):
        bug.assignees = [str(login) for login in wish["assignees"]][:10]
    if isinstance(wish.get("labels"), list) and repo.settings.can_write:
        bug.labels = [str(name) for name in wish["labels"]]
    touch(repo, bug)


def touch(repo: Repository, bug: Bug) -> None:
    """Stamp a change."""
    bug.updated_at = max(bug.updated_at, repo.now())
    repo.store.version += 1


def add_labels(repo: Repository, base: str, bug: Bug, body: Any) -> list[dict[str, Any]]:
    """POST labels: adds those that are not there yet."""
    names = body.get("labels") if isinstance(body, dict) else body
    if not isinstance(names, list):
        raise refused(422, "Validation Failed")
    fresh = [str(name) for name in names if str(name) not in bug.labels]
    if fresh:
        bug.labels += fresh
        touch(repo, bug)
    return labels(repo, base, bug)


def remove_label(repo: Repository, base: str, bug: Bug, name: str) -> list[dict[str, Any]]:
    """DELETE one label; an absent one is 404."""
    if name not in bug.labels:
        raise refused(404, "Label does not exist")
    bug.labels.remove(name)
    touch(repo, bug)
    return labels(repo, base, bug)


def labels(repo: Repository, base: str, bug: Bug) -> list[dict[str, Any]]:
    """The labels of one issue."""
    home = f"{repo.settings.owner}/{repo.settings.repo}"
    return [label_row(base, home, name) for name in bug.labels]


def add_remark(repo: Repository, base: str, bug: Bug, body: Any) -> dict[str, Any]:
    """POST a comment."""
    text = body.get("body") if isinstance(body, dict) else None
    if not text:
        raise refused(422, "Validation Failed: body is missing")
    number = 5_000_000_000 + sum(len(one.remarks) for one in repo.shown())
    remark = Remark(number, repo.now(), "bugsprint-connector", str(text))
    bug.remarks.append(remark)
    touch(repo, bug)
    return remark_row(repo, base, bug, remark)


def me(base: str) -> dict[str, Any]:
    """Whom the token acts as."""
    return user_row(base, "bugsprint-connector") | {"name": "Bugsprint connector", "plan": None}
