"""Reads what not every plan has: Jira links, and the two systems of satisfaction ratings."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from integrations.contract import Page, Rating, Rejected, TicketMention
from integrations.errors import Denied, Unreadable
from integrations.http import Params
from integrations.zendesk import records
from integrations.zendesk.rows import LinkRow, ListPage, RatingRow, ResponseRow
from integrations.zendesk.session import Session
from integrations.zendesk.tolerant import decoder, readable

OVERLAP_SECONDS = 7 * 86_400
"""Ratings are read again this far back, because a customer may still change one."""

Ratings = tuple[list[Rating], list[Rejected]]


def links(session: Session, position: str) -> Iterator[Page]:
    """Give all Jira links on each run: the list cannot be asked for changes alone."""
    keep = session.options.keep_text
    for page in _pages(session, "/api/v2/jira/links", {}, after=position):
        rows, strange = readable(_raw_list(page.links), LinkRow, keep_text=keep)
        mentions = [mention for row in rows if (mention := records.link(row))]
        yield Page(records=_joined(mentions), rejected=strange, position=_next(page) or "")


def ratings(session: Session, position: str) -> Iterator[Page]:
    """Give answered ratings of both systems; an account has only one, so one refusal is normal.

    The position is the time of the newest answer, in epoch seconds; Denied when both are closed.
    """
    newest = int(position) if position.isdecimal() else 0
    since = max(session.options.start_seconds, newest - OVERLAP_SECONDS)
    closed: list[Denied] = []
    for walk in (_legacy, _surveys):
        try:
            for found, strange in walk(session, since):
                newest = max([newest, *(_epoch(rating.at) for rating in found)])
                yield Page(records=found, rejected=strange, position=position)
        except Denied as refusal:
            closed.append(refusal)
    if len(closed) == 2:
        raise closed[0]
    yield Page(records=(), position=str(newest) if newest else "")


def again(session: Session, stream: str, row: msgspec.Raw) -> Page:
    """Read one link or rating that was set aside earlier."""
    keep = session.options.keep_text
    if stream == "links":
        rows, strange = readable([row], LinkRow, keep_text=keep)
        mentions = [mention for each in rows if (mention := records.link(each))]
        return Page(records=mentions, rejected=strange, position="")
    answers, strange = readable([row], RatingRow, keep_text=keep)
    found = [rating for each in answers if (rating := records.legacy_rating(each))]
    if strange:
        surveys, strange = readable([row], ResponseRow, keep_text=keep)
        found = [rating for each in surveys if (rating := records.survey_rating(each))]
    return Page(records=found, rejected=strange, position="")


def _legacy(session: Session, since: int) -> Iterator[Ratings]:
    asked = {"start_time": since} if since else {}
    for page in _pages(session, "/api/v2/satisfaction_ratings", asked):
        rows, strange = readable(
            page.satisfaction_ratings or (), RatingRow, keep_text=session.options.keep_text
        )
        yield [found for row in rows if (found := records.legacy_rating(row))], strange


def _surveys(session: Session, since: int) -> Iterator[Ratings]:
    asked = {"filter[created_at_start]": since * 1000} if since else {}
    for page in _pages(session, "/api/v2/guide/survey_responses", asked):
        rows, strange = readable(
            page.survey_responses or (), ResponseRow, keep_text=session.options.keep_text
        )
        yield [found for row in rows if (found := records.survey_rating(row))], strange


def _pages(session: Session, path: str, asked: Params, *, after: str = "") -> Iterator[ListPage]:
    while True:
        paging = {"page[size]": 100} | ({"page[after]": after} if after else {})
        answer = session.get(path, {**asked, **paging}, expect=(200, 404))
        if answer.status == 404:
            raise Denied(f"This Zendesk account has no {path.rpartition('/')[2]}.")
        page: ListPage = answer.json(ListPage)
        yield page
        before, after = after, _next(page)
        if not after:
            return
        if after == before:
            raise Unreadable(f"Zendesk's list {path} does not move on from its cursor.")


def _next(page: ListPage) -> str:
    return (page.meta.after_cursor or "") if page.meta and page.meta.has_more else ""


def _raw_list(raw: msgspec.Raw) -> list[msgspec.Raw]:
    # In other lists `links` is an object of addresses.
    return decoder(list[msgspec.Raw]).decode(raw) if bytes(raw)[:1] == b"[" else []


def _joined(mentions: list[TicketMention]) -> list[TicketMention]:
    found: dict[str, TicketMention] = {}
    for mention in mentions:
        before = found.get(mention.ticket)
        names = before.references + mention.references if before else mention.references
        found[mention.ticket] = TicketMention(mention.ticket, names)
    return list(found.values())


def _epoch(at: datetime) -> int:
    return int(at.timestamp())
