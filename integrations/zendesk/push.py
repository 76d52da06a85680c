"""Writes to tickets: a comment, or more tags.  Everything else in this folder only reads.

Each write names the version of the ticket that was looked at, so that Zendesk itself refuses one
that comes twice or too late.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from integrations.contract import Seen, Surroundings, Written
from integrations.errors import SourceError, Unavailable, Unreadable
from integrations.http import Answer
from integrations.settings import read_options
from integrations.zendesk.options import Options
from integrations.zendesk.session import Session

SCOPE = "read tickets:write"
PATIENCE = {"total_seconds": 30.0, "tries": 2}
"""A message is worth no long wait: the next run comes soon, and the row's lease ends."""
DEFINITE = (200, 400, 401, 403, 404, 409, 410, 413, 422)
MOST_PAGES = 50
SILENT = frozenset({"closed", "deleted"})


class _Ticket(msgspec.Struct):
    status: str
    updated_at: str
    tags: tuple[str, ...] = ()


class _TicketAnswer(msgspec.Struct):
    ticket: _Ticket


class _Comment(msgspec.Struct):
    body: str | None = None
    plain_body: str | None = None


class _Meta(msgspec.Struct):
    has_more: bool = False
    after_cursor: str | None = None


class _CommentsPage(msgspec.Struct):
    comments: list[_Comment]
    meta: _Meta = msgspec.field(default_factory=_Meta)


class Messenger:
    """Writes to tickets of one account; see the README beside this module."""

    def __init__(self, options: Mapping[str, Any], around: Surroundings, **http: Any) -> None:
        read = read_options(Options, options, kind="zendesk")
        self._session = Session(read, around, scope=SCOPE, writes=True, **{**PATIENCE, **http})

    def look(self, ticket: str, marker: str) -> Seen | None:
        """Look for a marker in every comment; the stamp is of before, so that no comment slips."""
        answer = self._session.get(f"/api/v2/tickets/{ticket}", expect=(200, 404), late=1)
        if answer.status == 404:
            return None
        found: _TicketAnswer = answer.json(_TicketAnswer)
        return Seen(
            marked=self._marked(ticket, marker),
            stamp=found.ticket.updated_at,
            answerable=found.ticket.status not in SILENT,
            tags=frozenset(found.ticket.tags),
        )

    def comment(self, ticket: str, *, body: str, public: bool, stamp: str) -> Written:
        """Say something on a ticket."""
        wish = {"comment": {"body": body, "public": public}}
        return self._put(f"/api/v2/tickets/{ticket}", {"ticket": {**wish, **_guard(stamp)}})

    def add_tags(self, ticket: str, *, tags: Sequence[str], stamp: str) -> Written:
        """Add tags: PUT adds, where POST would replace."""
        return self._put(f"/api/v2/tickets/{ticket}/tags", {"tags": list(tags), **_guard(stamp)})

    def close(self) -> None:
        """Give back sockets."""
        self._session.close()

    def _marked(self, ticket: str, marker: str) -> bool:
        asked: dict[str, str | int] = {"page[size]": 100}
        for _ in range(MOST_PAGES):
            answer = self._session.get(f"/api/v2/tickets/{ticket}/comments", asked, late=1)
            page: _CommentsPage = answer.json(_CommentsPage)
            if any(marker in (each.body or each.plain_body or "") for each in page.comments):
                return True
            if not page.meta.has_more or page.meta.after_cursor is None:
                return False
            asked["page[after]"] = page.meta.after_cursor
        raise Unreadable(f"Ticket {ticket} has more comments than can be looked through.")

    def _put(self, path: str, body: Any) -> Written:
        try:
            return _verdict(self._session.put(path, body, expect=DEFINITE))
        except Unavailable as error:
            if error.sent:
                return Written(outcome="lost", said=str(error))
            return Written(outcome="later", said=str(error), after=error.retry_after)
        except SourceError as error:
            # The request was sent, but nothing that can be read came back.
            return Written(outcome="lost", said=str(error))


def _guard(stamp: str) -> dict[str, str]:
    return {"safe_update": "true", "updated_stamp": stamp}


def _verdict(answer: Answer) -> Written:
    if answer.status == 200:
        return Written(outcome="sent")
    if answer.status == 409:
        return Written(outcome="conflict", said="The ticket was changed meanwhile.")
    words = f" It said: “{answer.complaint}”." if answer.complaint else ""
    return Written(outcome="refused", said=f"Zendesk refused it ({answer.status}).{words}")
