"""Walks Zendesk's incremental exports, page by page, each from a stored position.

Tickets: the position is Zendesk's own cursor.  Organisations and comments have only the older,
time-based export: its position is the last `end_time`, in epoch seconds.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any

import msgspec

from integrations.contract import CustomerRecord, Page, Record, Rejected, TicketRecord
from integrations.errors import Misconfigured, Unreadable
from integrations.http import Answer, TimedOut
from integrations.zendesk import records
from integrations.zendesk.rows import (
    EventRow,
    FieldedTicketRow,
    OrganizationRow,
    ReadTicketPage,
    StatusesPage,
    TicketPage,
    TicketRow,
    TimedPage,
    UserRow,
)
from integrations.zendesk.session import Session
from integrations.zendesk.tolerant import decoder, readable, rejected

FULL_PAGE = 1000
LEAST_PAGE = 25
LAG_SECONDS = 60
TOO_RECENT = "too recent start_time"
"""How Zendesk says that nothing can be new yet."""


class Exports:
    """The incremental exports of one account.

    `per_page` stays halved once a page came too late.  Versions of organisations handed on are
    remembered for the length of a walk, since exports and sideloads repeat them.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._options = session.options
        self._known: set[tuple[int, str | None]] = set()
        self._given = records.reading(session.options)
        self._unexplained: set[int | None] = set()
        fielded = session.options.bug_field or session.options.area_field
        self._row: type[TicketRow] = FieldedTicketRow if fielded else TicketRow
        shapes: tuple[Any, Any] = (ReadTicketPage[TicketRow], ReadTicketPage[FieldedTicketRow])
        self._shape = shapes[bool(fielded)]
        self.per_page = FULL_PAGE

    def tickets(self, position: str) -> Iterator[Page]:
        """Follow the cursor until the end of the stream."""
        self._known.clear()
        while (answer := self._ticket_page(position)) is not None:
            page: TicketPage | ReadTicketPage[TicketRow] = answer.read or answer.json(TicketPage)
            before, position = position, page.after_cursor or position
            yield self._ticket_records(answer, position)
            if page.end_of_stream is not False:
                return
            if position == before:
                raise Unreadable("Zendesk's ticket export does not move on from its cursor.")

    def organizations(self, position: str) -> Iterator[Page]:
        """Give organisations changed since the position, each version once."""
        self._known.clear()
        for page, after in self._timed("/api/v2/incremental/organizations", {}, position):
            rows, strange = self._organizations(page.organizations or ())
            yield Page(records=self._customers(rows), rejected=strange, position=after)

    def comments(self, position: str) -> Iterator[Page]:
        """Give the bugs named in comments; rows that are repeated do no harm."""
        asked = {"include": "comment_events"}
        for page, after in self._timed("/api/v2/incremental/ticket_events", asked, position):
            rows, strange = readable(
                page.ticket_events or (), EventRow, keep_text=self._options.keep_text
            )
            found = [mention for row in rows if (mention := records.mention(row))]
            yield Page(records=found, rejected=strange, position=after)

    def again(self, stream: str, row: msgspec.Raw) -> Page:
        """Read one ticket, organisation or event that was set aside earlier."""
        if stream == "tickets":
            return self._one_by_one(TicketPage(tickets=[row]), "", _Asked(self._session))
        if stream == "organizations":
            self._known.clear()
            rows, strange = self._organizations([row])
            return Page(records=self._customers(rows), rejected=strange, position="")
        events, strange = readable([row], EventRow, keep_text=self._options.keep_text)
        found = [mention for event in events if (mention := records.mention(event))]
        return Page(records=found, rejected=strange, position="")

    def _ticket_page(self, position: str) -> Answer | None:
        where: dict[str, str | int] = {"cursor": position}
        if not position:
            where = {"start_time": self._start()}
        asked = where | {"include": "users,organizations,metric_sets"}
        path = "/api/v2/incremental/tickets/cursor"
        answer = self._page(path, asked, (200, 400, 422), self._shape)
        if answer.status == 200:
            return answer
        if _nothing_new(answer):
            return None
        if position:
            raise _unusable_position()
        raise Unreadable(f"Zendesk refused to start the ticket export ({answer.status}).")

    def _ticket_records(self, answer: Answer, position: str) -> Page:
        if answer.read is not None:
            with suppress(records.Strange):
                return self._at_once(answer.read, position)
        return self._one_by_one(answer.json(TicketPage), position)

    def _at_once(self, page: ReadTicketPage[TicketRow], position: str) -> Page:
        domains = _Domains(page.users or ())
        tickets = [self._ticket(row, domains) for row in page.tickets]
        customers = self._customers(page.organizations or ())
        return Page(records=[*customers, *tickets], rejected=[], position=position)

    def _one_by_one(
        self, page: TicketPage, position: str, domains: Mapping[int, str] | None = None
    ) -> Page:
        organizations, strange = self._organizations(page.organizations or ())
        domains = _Domains(page.users or ()) if domains is None else domains
        found: list[Record] = list(self._customers(organizations))
        decode = decoder(self._row).decode
        for row in page.tickets:
            try:
                found.append(self._ticket(decode(row), domains))
            except (msgspec.DecodeError, UnicodeDecodeError, records.Strange) as error:
                strange.append(rejected(row, str(error), keep_text=self._options.keep_text))
        return Page(records=found, rejected=strange, position=position)

    def _ticket(self, row: TicketRow, domains: Mapping[int, str]) -> TicketRecord:
        try:
            return records.ticket(row, domains, self._given)
        except records.UnknownStatus:
            if row.custom_status_id in self._unexplained:
                raise
            self._unexplained.add(row.custom_status_id)
            self._given = records.reading(self._options, self._categories())
            return records.ticket(row, domains, self._given)

    def _categories(self) -> dict[int, str]:
        answer = self._session.get("/api/v2/custom_statuses", expect=(200, 403, 404))
        if answer.status != 200:
            return {}
        page: StatusesPage = answer.json(StatusesPage)
        return {status.id: status.status_category or "" for status in page.custom_statuses or ()}

    def _organizations(
        self, rows: Iterable[msgspec.Raw]
    ) -> tuple[list[OrganizationRow], list[Rejected]]:
        return readable(rows, OrganizationRow, keep_text=self._options.keep_text)

    def _customers(self, rows: Iterable[OrganizationRow]) -> list[CustomerRecord]:
        new = {(row.id, row.updated_at): row for row in rows}
        new = {version: row for version, row in new.items() if version not in self._known}
        self._known.update(new)
        return [records.customer(row, self._options) for row in new.values()]

    def _timed(
        self, path: str, asked: Mapping[str, str], position: str
    ) -> Iterator[tuple[TimedPage, str]]:
        start = _seconds(position) if position else self._start()
        while True:
            answer = self._page(path, {**asked, "start_time": start}, (200, 422))
            if answer.status == 422:
                if _nothing_new(answer):
                    return
                raise _unusable_position()
            page: TimedPage = answer.json(TimedPage)
            end = int(page.end_time or start)
            yield page, str(max(start, end))
            if page.end_of_stream or not page.next_page:
                return
            start = _onwards(start, end, any_rows=bool(page.organizations or page.ticket_events))

    def _page(
        self,
        path: str,
        asked: Mapping[str, str | int],
        expect: Collection[int],
        shape: Any = None,
    ) -> Answer:
        while self.per_page > LEAST_PAGE:
            try:
                sized = {**asked, "per_page": self.per_page}
                return self._session.get(path, sized, expect=expect, late=1, shape=shape)
            except TimedOut:
                self.per_page = max(LEAST_PAGE, self.per_page // 2)
        # Less cannot be asked for; one late answer more is no reason to give up.
        sized = {**asked, "per_page": self.per_page}
        return self._session.get(path, sized, expect=expect, shape=shape)

    def _start(self) -> int:
        latest = int(self._session.around.now().timestamp()) - 2 * LAG_SECONDS
        return max(0, min(self._options.start_seconds, latest))


class _Domains(Mapping[int, str]):
    """The mail domains of a page's users, read only once a ticket without organisation asks."""

    def __init__(self, users: Iterable[msgspec.Raw]) -> None:
        self._users = users

    @cached_property
    def _known(self) -> dict[int, str]:
        users, _ = readable(self._users, UserRow, keep_text=False)
        return {user.id: name for user in users if (name := records.mail_domain(user.email))}

    def __getitem__(self, user: int) -> str:
        return self._known[user]

    def __iter__(self) -> Iterator[int]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


class _Asked(Mapping[int, str]):
    """The mail domain of one user at a time, asked for where no page brought the user along."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __getitem__(self, user: int) -> str:
        answer = self._session.get(f"/api/v2/users/{user}", expect=(200, 403, 404))
        raw = answer.json(dict[str, msgspec.Raw]).get("user") if answer.status == 200 else None
        found, _ = readable([raw] if raw else (), UserRow, keep_text=False)
        return (records.mail_domain(found[0].email) if found else None) or _unknown(user)

    def __iter__(self) -> Iterator[int]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _unknown(user: int) -> str:
    raise KeyError(user)


def _onwards(start: int, end: int, *, any_rows: bool) -> int:
    """Give the next start; a page holds all rows of its last second, so that one can be left."""
    if end > start:
        return end
    if end < start or not any_rows:
        raise Unreadable("Zendesk's export does not move on: its end_time stands still.")
    return start + 1


def _nothing_new(answer: Answer) -> bool:
    return answer.status == 422 and answer.complaint.lower().startswith(TOO_RECENT)


def _seconds(position: str) -> int:
    try:
        return int(position)
    except ValueError:
        raise _unusable_position() from None


def _unusable_position() -> Misconfigured:
    return Misconfigured(
        "Zendesk does not accept the stored position of the last reading: "
        "run bugsprint sync NAME --full with the source's name to read everything again."
    )
