"""The simulated GitHub as an ASGI application."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import unquote

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from integrations.simulators.answers import Refused, answer
from integrations.simulators.github import issues
from integrations.simulators.github.repo import REPO_ID, Repository, Settings
from integrations.simulators.github.shapes import (
    NEW_VERSION,
    OLD_VERSION,
    issue_row,
    remark_row,
    repository_row,
)
from integrations.simulators.model import Bug
from integrations.simulators.pages import page
from integrations.simulators.world import World

NOTICE = (
    "A simulated repository. The report is a real one of Mozilla SeaMonkey (GitBugs by Avinash "
    "Patil, CC BY 4.0); labels, assignees and what happens to it here are synthetic."
)
Act = Callable[[Request, str, Any], Any]
Handler = Callable[[Request], Awaitable[Response]]
VERSIONS = (OLD_VERSION, NEW_VERSION)
HOUR = timedelta(hours=1)


class Host:
    """Ties a repository to HTTP: who asks, how often, and what is answered."""

    def __init__(self, world: World, settings: Settings) -> None:
        self.repo = Repository(world, settings)

    def routes(self) -> list[Route]:
        """All addresses; the repository answers under its name and under its number."""
        found = [
            Route("/user", self._handle(lambda _, base, __: issues.me(base))),
            Route("/rate_limit", self._handle(self._rate)),
            Route("/__dump", self._dump),
            Route("/__stats", self._stats),
        ]
        settings = self.repo.settings
        for home in (f"/repos/{settings.owner}/{settings.repo}", f"/repositories/{REPO_ID}"):
            found += self._of_repository(home)
        found += [
            Route(f"/repositories/{REPO_ID + 1}/issues/{{number}}", self._handle(self._moved))
        ]
        found.append(Route("/{owner}/{repo}/issues/{number:int}", self._page))
        found.append(Route("/{rest:path}", self._handle(self._unknown), methods=list(METHODS)))
        return found

    def _of_repository(self, home: str) -> list[Route]:
        one = f"{home}/issues/{{number}}"
        table: list[tuple[str, str, Act, int]] = [
            ("GET", home, lambda _, base, __: repository_row(self.repo, base), 200),
            ("GET", f"{home}/issues", self._list, 200),
            ("GET", one, self._one, 200),
            ("PATCH", one, self._patch, 200),
            ("GET", f"{one}/comments", self._remarks, 200),
            ("POST", f"{one}/comments", self._remark, 201),
            ("GET", f"{one}/labels", self._labels, 200),
            ("POST", f"{one}/labels", self._add_labels, 200),
            ("DELETE", f"{one}/labels/{{name:path}}", self._remove_label, 200),
        ]
        return [
            Route(path, self._handle(act, status), methods=[method])
            for method, path, act, status in table
        ]

    def _handle(self, act: Act, status: int = 200) -> Handler:
        async def handle(request: Request) -> Response:
            raw = await request.body()
            repo = self.repo
            repo.counters.requests[f"{request.method} {request.url.path}"] += 1
            try:
                with repo.store.lock:
                    headers = self._admit(request)
                    if repo.settings.live:
                        repo.world.advance(repo.now())
                    base = (repo.settings.base_url or str(request.base_url)).rstrip("/")
                    body = msgspec.json.decode(raw) if raw else None
                    if request.method != "GET":
                        repo.counters.writes.append(
                            {"method": request.method, "path": request.url.path, "body": body}
                        )
                    told = act(request, base, body)
            except msgspec.DecodeError:
                return issues.refused(400, "Problems parsing JSON").response()
            except Refused as refusal:
                return refusal.response()
            return _conditional(request, told, status, headers)

        return handle

    def _admit(self, request: Request) -> dict[str, str]:
        """Check the token, its rights and the hourly limit; gives the limit's headers."""
        settings, repo = self.repo.settings, self.repo
        header = request.headers.get("authorization", "")
        known = header in (f"Bearer {settings.token}", f"token {settings.token}")
        if header and not known:
            raise issues.refused(401, "Bad credentials")
        if _version(request) not in VERSIONS:
            raise issues.refused(400, "The API version is not supported")
        if not settings.can_read:
            raise issues.refused(403, "Resource not accessible by personal access token")
        if request.method != "GET" and not (known and settings.can_write):
            raise issues.refused(403, "Resource not accessible by personal access token")
        return self._count(settings.per_hour if known else min(60, settings.per_hour), repo)

    def _count(self, most: int, repo: Repository) -> dict[str, str]:
        now = repo.settings.now()
        repo.used = [at for at in repo.used if at > now - HOUR]
        reset = int((min(repo.used, default=now) + HOUR).timestamp())
        limited = len(repo.used) >= most
        if not limited:
            repo.used.append(now)
        headers = {
            "x-ratelimit-limit": str(most),
            "x-ratelimit-remaining": str(most - len(repo.used)),
            "x-ratelimit-used": str(len(repo.used)),
            "x-ratelimit-reset": str(reset),
            "x-ratelimit-resource": "core",
        }
        if limited:
            repo.counters.limited["hour"] += 1
            refusal = issues.refused(403, "API rate limit exceeded")
            refusal.headers = headers | {"x-ratelimit-remaining": "0"}
            raise refusal
        return headers

    def _bug(self, request: Request, base: str) -> Bug:
        return issues.find(self.repo, base, request.path_params["number"])

    def _list(self, request: Request, base: str, _: Any) -> Any:
        query, version = request.query_params, _version(request)
        rows, link = issues.page_of_issues(self.repo, base, query, version)
        return Linked(rows, link)

    def _one(self, request: Request, base: str, _: Any) -> Any:
        return issue_row(self.repo, base, self._bug(request, base), _version(request))

    def _patch(self, request: Request, base: str, body: Any) -> Any:
        bug = self._bug(request, base)
        issues.change(self.repo, bug, body if isinstance(body, dict) else {})
        return issue_row(self.repo, base, bug, _version(request))

    def _remarks(self, request: Request, base: str, _: Any) -> Any:
        bug = self._bug(request, base)
        return [remark_row(self.repo, base, bug, one) for one in bug.remarks]

    def _remark(self, request: Request, base: str, body: Any) -> Any:
        return issues.add_remark(self.repo, base, self._bug(request, base), body)

    def _labels(self, request: Request, base: str, _: Any) -> Any:
        return issues.labels(self.repo, base, self._bug(request, base))

    def _add_labels(self, request: Request, base: str, body: Any) -> Any:
        return issues.add_labels(self.repo, base, self._bug(request, base), body)

    def _remove_label(self, request: Request, base: str, _: Any) -> Any:
        name = unquote(request.path_params["name"])
        return issues.remove_label(self.repo, base, self._bug(request, base), name)

    def _moved(self, request: Request, base: str, _: Any) -> Any:
        text = request.path_params["number"]
        bug = self.repo.find(int(text)) if text.isdigit() else None
        if bug is None or bug.gone != "moved":
            raise issues.refused(404, "Not Found")
        row = issue_row(self.repo, base, bug, _version(request))
        home, away = f"/{self.repo.settings.repo}/", f"/{self.repo.settings.repo}-elsewhere/"
        moved = {key: _elsewhere(value, home, away) for key, value in row.items()}
        return moved | {"number": bug.id % 1000 + 1, "node_id": f"{row['node_id']}_moved"}

    def _rate(self, *_: Any) -> Any:
        core = {"limit": self.repo.settings.per_hour, "used": len(self.repo.used)}
        return {"resources": {"core": core}, "rate": core}

    def _unknown(self, *_: Any) -> Any:
        raise issues.refused(404, "Not Found")

    async def _page(self, request: Request) -> Response:
        """What a visitor would see, in short."""
        bug = self.repo.find(request.path_params["number"])
        if bug is None or bug.gone:
            return issues.refused(404, "Not Found").response()
        facts = {
            "State": "open" if bug.open else f"closed ({bug.reason or 'no reason'})",
            "Labels": ", ".join(bug.labels),
            "Assignees": ", ".join(bug.assignees) or "nobody",
        }
        texts = [bug.body, *(remark.body for remark in bug.remarks)]
        return page(f"{bug.title} #{bug.id}", facts, texts, NOTICE)

    async def _dump(self, request: Request) -> Response:
        store = self.repo.store
        with store.lock:
            rows = sorted(store.bugs.values(), key=lambda bug: bug.id)
            host = str(request.base_url).rstrip("/")
            shown = [
                issue_row(self.repo, host, bug, OLD_VERSION) | {"gone": bug.gone} for bug in rows
            ]
        return answer({"issues": shown, "pulls": sorted(self.repo.pulls)})

    async def _stats(self, _: Request) -> Response:
        return answer(self.repo.counters.report())


METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")


class Linked(list[dict[str, Any]]):
    """Rows of one page, with their Link header."""

    def __init__(self, rows: list[dict[str, Any]], link: str | None) -> None:
        super().__init__(rows)
        self.link = link


def _elsewhere(value: Any, home: str, away: str) -> Any:
    return value.replace(home, away) if isinstance(value, str) and "://" in value else value


def _version(request: Request) -> str:
    return request.headers.get("x-github-api-version", OLD_VERSION)


def _conditional(request: Request, told: Any, status: int, headers: dict[str, str]) -> Response:
    """Answer with an ETag, or 304 when the caller already has these bytes."""
    link = told.link if isinstance(told, Linked) else None
    made = answer(list(told) if isinstance(told, Linked) else told, status, headers)
    made.headers["x-github-media-type"] = "github.v3; format=json"
    if link:
        made.headers["link"] = link
    if request.method == "GET":
        tag = f'W/"{sha256(bytes(made.body)).hexdigest()}"'
        made.headers["etag"] = tag
        if request.headers.get("if-none-match") == tag:
            kept = {"etag": tag, **headers} | ({"link": link} if link else {})
            return Response(status_code=304, headers=kept)
    return made


def create(world: World, settings: Settings) -> tuple[ASGIApp, Host]:
    """The application and the host behind it."""
    host = Host(world, settings)
    return Starlette(routes=host.routes()), host
