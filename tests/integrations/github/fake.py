"""A small GitHub behind a mock transport: what its documentation promises, and a log."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import httpx

from integrations.contract import Surroundings
from integrations.github import GitHub

T0 = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOST = "https://api.github.com"
TOKEN = "github_pat_0123456789abcdef"


def stamp(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def item(number, *, repo="acme/web", at=None, **more):
    at = at or T0 + timedelta(minutes=number)
    return {
        "id": 9000 + number,
        "node_id": f"I_{number}",
        "number": number,
        "title": f"Issue {number}",
        "body": "It hangs.",
        "state": "open",
        "state_reason": None,
        "url": f"{HOST}/repos/{repo}/issues/{number}",
        "html_url": f"https://github.com/{repo}/issues/{number}",
        "labels": [{"id": 1, "name": "bug"}],
        "assignees": [{"login": "ana"}],
        "user": {"login": "ben"},
        "created_at": stamp(T0),
        "updated_at": stamp(at),
        "closed_at": None,
        **more,
    }


class Fake:
    """Repositories by name; `answers` are given instead, by path, once or for ever."""

    def __init__(self, *, honours_since=True):
        self.repos = {}
        self.answers = {}
        self.asked = []
        self.honours_since = honours_since
        self.between = lambda count: None

    def fill(self, *items, repo="acme/web"):
        self.repos.setdefault(repo, {}).update({i["number"]: i for i in items})

    def __call__(self, request):
        self.asked.append(request)
        self.between(len(self.asked))
        path = request.url.path
        if path in self.answers:
            return self.answers[path](request)
        if path == "/user":
            return self._json({"login": "robot"})
        name = path.removeprefix("/repos/").removesuffix("/issues")
        if path.startswith("/repositories/"):
            name = list(self.repos)[int(path.split("/")[2])]
        if name in self.repos and path.endswith("/issues"):
            return self._list(request, name)
        if name in self.repos:
            return self._json({"full_name": name, "has_issues": True})
        return self._one(path)

    def _one(self, path):
        repo, _, number = path.removeprefix("/repos/").rpartition("/issues/")
        found = self.repos.get(repo, {}).get(int(number) if number.isdigit() else 0)
        return self._json(found) if found else self._json({"message": "Not Found"}, 404)

    def _list(self, request, name):
        q = request.url.params
        rows = sorted(self.repos[name].values(), key=lambda i: (i["updated_at"], i["number"]))
        if self.honours_since:
            rows = [row for row in rows if row["updated_at"] >= q.get("since", "")]
        page, size = int(q.get("page", 1)), int(q["per_page"])
        if page * size > 10_000:
            return self._json({"message": "Pagination with the page parameter is not"}, 422)
        body = rows[(page - 1) * size : page * size]
        headers = {"etag": '"' + hashlib.sha256(json.dumps(body).encode()).hexdigest() + '"'}
        if request.headers.get("if-none-match") == headers["etag"]:
            return httpx.Response(304, headers=headers)
        if page * size < len(rows):
            following = urlencode({**q, "page": page + 1})
            where = f"{HOST}/repositories/{list(self.repos).index(name)}/issues?{following}"
            headers["link"] = f'<{HOST}/x>; rel="last", <{where}>; rel="next"'
        return self._json(body, headers=headers)

    def _json(self, body, status=200, headers=None):
        standing = {"x-ratelimit-remaining": "4990", "x-ratelimit-limit": "5000"}
        standing |= {"x-ratelimit-reset": "1793536200", "date": "Sun, 01 Nov 2026 12:00:30 GMT"}
        return httpx.Response(status, json=body, headers={**standing, **(headers or {})})


class Clock:
    def __init__(self):
        self.now = T0
        self.slept = []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)


class Limits:
    def __init__(self):
        self.asked = []

    def wait(self, bucket, per_minute):
        self.asked.append((bucket, per_minute))


def connected(fake, clock=None, limits=None, **options):
    clock = clock or Clock()
    around = Surroundings(limiter=limits or Limits(), now=clock, sleep=clock.sleep)
    given = {"owner": "acme", "repo": "web", "token": TOKEN, **options}
    return GitHub(given, around, transport=httpx.MockTransport(fake))


def walked(source, position="", stream="issues"):
    """(records by id, last position, pages) of one walk."""
    pages = list(source.pages(stream, position))
    found = {record.external_id: record for page in pages for record in page.records}
    return found, pages[-1].position if pages else position, pages
