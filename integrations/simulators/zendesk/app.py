"""The simulated Zendesk as an ASGI application: every path with and without .json."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from integrations.simulators.answers import Refused, answer
from integrations.simulators.pages import page
from integrations.simulators.world import World
from integrations.simulators.zendesk import export, finds, jobs, more, reads, writes
from integrations.simulators.zendesk.auth import Tokens, current, who
from integrations.simulators.zendesk.empty import EMPTY, empty_page
from integrations.simulators.zendesk.limits import Limits
from integrations.simulators.zendesk.shapes import text_of
from integrations.simulators.zendesk.site import Ask, Settings, Site, not_found

Read = Callable[[Ask], Any]
Write = Callable[[Ask, Limits], Any]
Handler = Callable[[Request], Awaitable[Response]]

NOTICE = "SYNTHETIC: this ticket and everybody in it were made up by a simulator."
READS: dict[str, Read] = {
    "incremental/tickets/cursor": export.tickets_by_cursor,
    "incremental/users/cursor": export.users_by_cursor,
    "incremental/organizations": export.organizations,
    "incremental/tickets": export.tickets_by_time,
    "incremental/ticket_events": export.ticket_events,
    "incremental/ticket_metric_events": more.metric_events,
    "incremental/users": more.users_by_time,
    "tickets": reads.tickets,
    "tickets/show_many": reads.show_many,
    "tickets/count": more.tickets_count,
    "tickets/{id}": reads.ticket,
    "tickets/{id}/comments": reads.comments,
    "tickets/{id}/incidents": reads.incidents,
    "tickets/{id}/metrics": reads.metrics,
    "tickets/{id}/audits": reads.audits,
    "tickets/{id}/tags": reads.ticket_tags,
    "problems": reads.problems,
    "organizations": reads.organizations,
    "organizations/count": more.organizations_count,
    "organizations/search": more.organizations_search,
    "organizations/show_many": reads.organizations_show_many,
    "organizations/{id}": reads.organization,
    "organizations/{id}/tickets": reads.tickets_of_organization,
    "organizations/{id}/users": more.users_of_organization,
    "users": reads.users,
    "users/me": reads.me,
    "users/count": more.users_count,
    "users/search": more.users_search,
    "users/show_many": reads.users_show_many,
    "users/{id}": reads.user,
    "users/{id}/tickets/requested": more.requested,
    "ticket_metrics": more.ticket_metrics,
    "groups": reads.groups,
    "groups/{id}": reads.group,
    "ticket_fields": reads.ticket_fields,
    "organization_fields": reads.organization_fields,
    "custom_statuses": reads.custom_statuses,
    "ticket_forms": reads.ticket_forms,
    "brands": reads.brands,
    "tags": reads.tags,
    "search": finds.search,
    "search/count": finds.search_count,
    "search/export": finds.search_export,
    "satisfaction_ratings": finds.satisfaction_ratings,
    "guide/survey_responses": finds.survey_responses,
    "jira/links": finds.jira_links,
    "deleted_tickets": finds.deleted_tickets,
    "job_statuses": jobs.job_statuses,
    "job_statuses/{id}": jobs.job_status,
}
WRITES: dict[tuple[str, str], tuple[Write, int]] = {
    ("PUT", "tickets/{id}/tags"): (writes.add_tags, 200),
    ("POST", "tickets/{id}/tags"): (writes.replace_tags, 201),
    ("DELETE", "tickets/{id}/tags"): (writes.remove_tags, 200),
    ("PUT", "tickets/update_many"): (jobs.update_many, 200),
    ("PUT", "tickets/{id}"): (writes.update_ticket, 200),
    ("DELETE", "tickets/{id}"): (writes.delete_ticket, 204),
    ("POST", "tickets"): (writes.create_ticket, 201),
}


class Account:
    """Ties a site to HTTP: who asks, how often, and what is answered."""

    def __init__(self, world: World, settings: Settings) -> None:
        self.site = Site(world, settings)
        self.tokens = Tokens()
        self.limits = Limits(self.site)

    def routes(self) -> list[Route]:
        """All addresses."""
        found = [
            Route("/oauth/tokens", self._token, methods=["POST"]),
            Route("/api/v2/oauth/tokens/current", self._current),
            Route("/agent/tickets/{id:int}", self._page),
            Route("/__dump", self._dump),
            Route("/__stats", self._stats),
        ]
        for (method, path), (write, status) in WRITES.items():
            found.append(Route(f"/api/v2/{path}", self._writing(write, status), methods=[method]))
        found += [Route(f"/api/v2/{path}", self._reading(empty_page(path))) for path in EMPTY]
        found += [Route(f"/api/v2/{path}", self._reading(read)) for path, read in READS.items()]
        found.append(Route("/{rest:path}", _unknown, methods=["GET", "PUT", "POST", "DELETE"]))
        return found

    def _reading(self, read: Read) -> Handler:
        async def handle(request: Request) -> Response:
            return self._answer(request, lambda ask: read(ask), 200, None)

        return handle

    def _writing(self, write: Write, status: int) -> Handler:
        async def handle(request: Request) -> Response:
            raw = await request.body()

            def done(ask: Ask) -> Any:
                self.site.counters.writes.append(
                    {"method": request.method, "path": request.url.path, "body": ask.body}
                )
                return write(ask, self.limits)

            return self._answer(request, done, status, raw)

        return handle

    def _answer(self, request: Request, act: Read, status: int, raw: bytes | None) -> Response:
        """Authenticate, count against the limits, act under the lock, and answer."""
        method, path = request.method, request.url.path
        self.site.counters.requests[f"{method} {path}"] += 1
        settings = self.site.settings
        try:
            header = request.headers.get("authorization", "")
            with self.site.store.lock:
                user = who(self.site, self.tokens, header, method, path)
                headers = self.limits.pass_through(path)
                if settings.live:
                    self.site.world.advance(self.site.now())
                base = (settings.base_url or str(request.base_url)).rstrip("/")
                path_values = {key: str(value) for key, value in request.path_params.items()}
                ask = Ask(
                    site=self.site,
                    query=request.query_params,
                    path=path_values,
                    body=_parsed(raw),
                    user=user,
                    base=base,
                    address=f"{base}{path}.json",
                )
                told = act(ask)
        except Refused as refusal:
            return refusal.response()
        return Response(status_code=204) if status == 204 else answer(told, status, headers)

    async def _token(self, request: Request) -> Response:
        self.site.counters.requests["POST /oauth/tokens"] += 1
        try:
            body = _credentials(request, await request.body())
            told = self.tokens.issue(self.site.settings, body, self.site.now())
        except Refused as refusal:
            return refusal.response()
        return answer(told, self.site.settings.token_status)

    async def _current(self, request: Request) -> Response:
        header = request.headers.get("authorization", "")
        try:
            who(self.site, self.tokens, header, "GET", "/api/v2/oauth/tokens/current")
            return answer(current(self.tokens, header, self.site.now()))
        except Refused as refusal:
            return refusal.response()

    async def _page(self, request: Request) -> Response:
        """What an agent would see, in short."""
        ticket = self.site.store.tickets.get(request.path_params["id"])
        if ticket is None:
            return not_found().response()
        facts = {"Status": ticket.status, "Tags": ", ".join(ticket.tags)}
        texts = [text_of(self.site.store, comment.body) for comment in ticket.comments]
        return page(f"#{ticket.id} {ticket.subject}", facts, texts, NOTICE)

    async def _dump(self, _: Request) -> Response:
        return answer(self.site.world.dump())

    async def _stats(self, _: Request) -> Response:
        return answer(self.site.counters.report())


def _parsed(raw: bytes | None) -> Any:
    if not raw:
        return None
    try:
        return msgspec.json.decode(raw)
    except msgspec.DecodeError:
        told = {"error": "InvalidPayload", "description": "The body is not JSON"}
        raise Refused(400, told) from None


def _credentials(request: Request, raw: bytes) -> Any:
    """A token request: JSON as documented, or the form that OAuth libraries send."""
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(raw.decode("utf-8", "replace")))
    return _parsed(raw)


async def _unknown(_: Request) -> Response:
    return answer({"error": "InvalidEndpoint", "description": "Not found"}, 404)


class WithoutSuffix:
    """Lets every path also be asked for with .json at its end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Cut the suffix off."""
        if scope["type"] == "http" and scope["path"].endswith(".json"):
            path = scope["path"].removesuffix(".json")
            scope = {**scope, "path": path, "raw_path": path.encode()}
        await self._app(scope, receive, send)


def create(world: World, settings: Settings) -> tuple[ASGIApp, Account]:
    """The application and the account behind it."""
    account = Account(world, settings)
    return WithoutSuffix(Starlette(routes=account.routes())), account
