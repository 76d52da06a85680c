"""The rows as GitHub writes them."""

from hashlib import sha256
from typing import Any

from integrations.simulators.answers import iso
from integrations.simulators.github.repo import REPO_ID, Repository
from integrations.simulators.model import Bug, Remark

OLD_VERSION = "2022-11-28"
NEW_VERSION = "2026-03-10"
COLOURS = {"bug": "d73a4a", "S1": "b60205", "S2": "d93f0b", "S3": "fbca04", "S4": "c2e0c6"}


def _number(text: str) -> int:
    """A steady id for a name."""
    return int(sha256(text.encode()).hexdigest()[:8], 16)


def user_row(base: str, login: str) -> dict[str, Any]:
    """A person."""
    return {
        "login": login,
        "id": _number(login),
        "node_id": f"U_{_number(login)}",
        "avatar_url": "",
        "url": f"{base}/users/{login}",
        "html_url": f"{base}/{login}",
        "type": "User",
        "site_admin": False,
    }


def label_row(base: str, home: str, name: str) -> dict[str, Any]:
    """A label as an object."""
    return {
        "id": _number(f"label {name}"),
        "node_id": f"LA_{_number(name)}",
        "url": f"{base}/repos/{home}/labels/{name}",
        "name": name,
        "color": COLOURS.get(name, "ededed"),
        "default": name == "bug",
        "description": None,
    }


def issue_row(repo: Repository, base: str, bug: Bug, version: str) -> dict[str, Any]:
    """One issue; the newer API version no longer has the single assignee."""
    home = f"{repo.settings.owner}/{repo.settings.repo}"
    api = f"{base}/repos/{home}/issues/{bug.id}"
    assignees = [user_row(base, login) for login in bug.assignees]
    kind = "pull" if bug.is_pull else "issues"
    row: dict[str, Any] = {
        "id": 2_000_000_000 + bug.id,
        "node_id": f"I_{2_000_000_000 + bug.id}",
        "number": bug.id,
        "title": bug.title,
        "body": bug.body or None,
        "user": user_row(base, bug.reporter),
        "labels": [label_row(base, home, name) for name in bug.labels],
        "state": "open" if bug.open else "closed",
        "state_reason": bug.reason,
        "locked": False,
        "active_lock_reason": None,
        "assignee": assignees[0] if assignees else None,
        "assignees": assignees,
        "milestone": None,
        "comments": len(bug.remarks),
        "created_at": iso(bug.created_at),
        "updated_at": iso(bug.updated_at),
        "closed_at": iso(bug.closed_at),
        "author_association": "NONE",
        "type": None,
        "performed_via_github_app": None,
        **_addresses(base, home, api, f"{base}/{home}/{kind}/{bug.id}"),
    }
    if version >= NEW_VERSION:
        del row["assignee"]
    if bug.is_pull:
        row["pull_request"] = {"url": api.replace("/issues/", "/pulls/"), "merged_at": None}
        row["draft"] = False
    return row


def _addresses(base: str, home: str, api: str, page: str) -> dict[str, Any]:
    return {
        "url": api,
        "repository_url": f"{base}/repos/{home}",
        "labels_url": f"{api}/labels{{/name}}",
        "comments_url": f"{api}/comments",
        "events_url": f"{api}/events",
        "timeline_url": f"{api}/timeline",
        "html_url": page,
        "sub_issues_summary": {"total": 0, "completed": 0, "percent_completed": 0},
        "issue_dependencies_summary": {"blocked_by": 0, "total_blocked_by": 0, "blocking": 0},
    }


def remark_row(repo: Repository, base: str, bug: Bug, remark: Remark) -> dict[str, Any]:
    """One comment on an issue."""
    home = f"{repo.settings.owner}/{repo.settings.repo}"
    return {
        "id": remark.id,
        "node_id": f"IC_{remark.id}",
        "url": f"{base}/repos/{home}/issues/comments/{remark.id}",
        "html_url": f"{base}/{home}/issues/{bug.id}#issuecomment-{remark.id}",
        "issue_url": f"{base}/repos/{home}/issues/{bug.id}",
        "user": user_row(base, remark.login),
        "body": remark.body,
        "created_at": iso(remark.at),
        "updated_at": iso(remark.at),
        "author_association": "MEMBER",
    }


def repository_row(repo: Repository, base: str) -> dict[str, Any]:
    """The repository itself."""
    home = f"{repo.settings.owner}/{repo.settings.repo}"
    shown = repo.shown()
    return {
        "id": REPO_ID,
        "node_id": f"R_{REPO_ID}",
        "name": repo.settings.repo,
        "full_name": home,
        "private": False,
        "owner": user_row(base, repo.settings.owner),
        "html_url": f"{base}/{home}",
        "url": f"{base}/repos/{home}",
        "description": "Real SeaMonkey reports (CC BY 4.0) in a simulated repository",
        "has_issues": True,
        "archived": False,
        "default_branch": "main",
        "open_issues_count": sum(bug.open for bug in shown),
        "permissions": {
            "admin": False,
            "maintain": False,
            "push": repo.settings.can_write,
            "triage": repo.settings.can_write,
            "pull": True,
        },
    }
