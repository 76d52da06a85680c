"""Turns Zendesk's rows into records; pure.  Of an e-mail address only the domain goes on."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal, cast, get_args

from msgspec import Struct

from integrations.contract import (
    CustomerRecord,
    Rating,
    Reference,
    TicketMention,
    TicketRecord,
    TicketStatus,
)
from integrations.zendesk import references
from integrations.zendesk.fields import cents, day, word
from integrations.zendesk.options import Options
from integrations.zendesk.rows import (
    ChildEvent,
    EventRow,
    FieldedTicketRow,
    LinkRow,
    OrganizationRow,
    RatingRow,
    ResponseRow,
    TicketRow,
)

STATUSES = frozenset(get_args(TicketStatus))
FREE_MAIL = frozenset(
    """aol.com fastmail.com free.fr gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com
    hey.com hotmail.co.uk hotmail.com hotmail.fr icloud.com laposte.net libero.it live.com mac.com
    mail.com mail.ru me.com msn.com naver.com orange.fr outlook.com outlook.de pm.me posteo.de
    proton.me protonmail.com qq.com t-online.de tutanota.com web.de yahoo.co.jp yahoo.co.uk
    yahoo.com yahoo.de yahoo.fr yandex.ru ymail.com zoho.com 126.com 163.com""".split()  # noqa: SIM905
)
YEARS = (1900, 9000)
LARGEST_STAMP = 2**62
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SCORES: dict[str, Literal["good", "bad", "neutral"]] = {
    "good": "good",
    "bad": "bad",
    "neutral": "neutral",
}


class Strange(Exception):
    """A row that cannot be read; the text says why."""


class UnknownStatus(Strange):
    """A status that is none of the standard ones; the account's own list may explain it."""


class Reading(Struct, frozen=True):
    """What is needed beside a row: the account's address, its fields, its own statuses."""

    address: str
    bug_field: int | None = None
    area_field: int | None = None
    keep_text: bool = True
    categories: Mapping[int, str] | None = None


def reading(options: Options, categories: Mapping[int, str] | None = None) -> Reading:
    """Take from the options what the records depend on."""
    return Reading(
        options.address, options.bug_field, options.area_field, options.keep_text, categories
    )


def ticket(row: TicketRow, domains: Mapping[int, str], given: Reading) -> TicketRecord:
    """Read one ticket; raises Strange.  A deleted one keeps no text, a scrubbed one nothing."""
    updated = row.updated_at or row.created_at or _moment(row.generated_timestamp)
    if updated is None:
        raise Strange("The ticket has no time at all.")
    metrics = row.metric_set
    _check_times(row, row.created_at, updated, metrics.solved_at if metrics else None)
    status = _status(row, given)
    requester = row.requester_id if row.requester_id and row.requester_id > 0 else None
    gone = status == "deleted"
    tags, found = _named(row, given)
    return TicketRecord(
        external_id=str(row.id),
        url=f"{given.address}/agent/tickets/{row.id}",
        subject=row.subject or row.raw_subject or "",
        text="" if gone or not given.keep_text else row.description or "",
        status=status,
        priority=row.priority,
        type=row.type,
        tags=tuple(tags),
        customer=str(row.organization_id) if row.organization_id else None,
        requester=str(requester) if requester and not gone else None,
        requester_domain=_domain(row, requester, domains) if requester and not gone else None,
        problem=str(row.problem_id) if row.problem_id else None,
        created_at=row.created_at or updated,
        updated_at=updated,
        solved_at=metrics.solved_at if metrics else None,
        reopens=(metrics.reopens or 0) if metrics else 0,
        csat=_csat(row),
        stamp=row.generated_timestamp or int(updated.timestamp()),
        references=() if gone else found,
    )


def _check_times(row: TicketRow, *moments: datetime | None) -> None:
    # At either end of the calendar another zone's time has no UTC.
    for at in moments:
        if at is not None and not YEARS[0] <= at.year <= YEARS[1]:
            raise Strange("The ticket has a time outside of any calendar.")
    if not 0 <= (row.generated_timestamp or 0) < LARGEST_STAMP:
        raise Strange("The ticket's generated_timestamp is no time.")


def _domain(row: TicketRow, requester: int, domains: Mapping[int, str]) -> str | None:
    """Only a ticket without organisation is counted by its requester's company."""
    return None if row.organization_id else domains.get(requester)


def customer(row: OrganizationRow, options: Options) -> CustomerRecord:
    """Read one organisation; its own fields are read as far as they can be."""
    fields = row.organization_fields or {}
    return CustomerRecord(
        external_id=str(row.id),
        name=row.name or f"Organisation {row.id}",
        tier=word(fields.get(options.plan_field or "")),
        arr_cents=cents(fields.get(options.arr_field or "")),
        renewal_on=day(fields.get(options.renewal_field or "")),
        domains=tuple(name.lower() for name in row.domain_names or () if name),
        deleted=row.deleted_at is not None,
    )


def mention(row: EventRow) -> TicketMention | None:
    """Keep of a ticket's comments only the bugs they name."""
    found: list[Reference] = []
    for child in row.child_events or ():
        if "Comment" in (child.event_type, child.type):
            found += references.in_text(_said(child))
    return TicketMention(str(row.ticket_id), references.kept(found)) if found else None


def link(row: LinkRow) -> TicketMention | None:
    """Read one Jira link; the issue's id never changes, its key may, and may be missing."""
    named = [f"id:{row.issue_id}"] if row.issue_id else []
    named += [row.issue_key] if row.issue_key else []
    if not named:
        return None
    return TicketMention(str(row.ticket_id), tuple(Reference(name, "jira_link") for name in named))


def legacy_rating(row: RatingRow) -> Rating | None:
    """Read one answer of the older system; questions that nobody answered give None."""
    at = row.created_at or row.updated_at
    score = _SCORES.get((row.score or "").partition("_")[0])
    if score is None or at is None:
        return None
    return Rating(
        ticket=str(row.ticket_id), external_id=str(row.id), score=score, system="legacy", at=at
    )


def survey_rating(row: ResponseRow) -> Rating | None:
    """Read one filled-in survey about a ticket."""
    numbers = [_ticket_of(subject.zrn, subject.type, subject.id) for subject in row.subjects or ()]
    subject = next((number for number in numbers if number), None)
    for answer in row.answers or ():
        score = _SCORES.get((answer.rating_category or "").lower())
        at = answer.created_at or answer.updated_at or ulid_time(row.id)
        if subject and score and at and answer.type == "rating_scale":
            return Rating(ticket=subject, external_id=row.id, score=score, system="survey", at=at)
    return None


def mail_domain(address: str | None) -> str | None:
    """Give the company's domain of an address; None for free mail and for no address."""
    _, at, domain = (address or "").rpartition("@")
    domain = domain.strip().strip(".").lower()
    return domain if at and "." in domain and domain not in FREE_MAIL else None


def ulid_time(text: str) -> datetime | None:
    """Read the time that the first ten letters of a ULID hold."""
    value = 0
    for letter in text[:10].upper():
        place = _CROCKFORD.find(letter)
        if place < 0:
            return None
        value = value * 32 + place
    return _moment(value / 1000) if len(text) == 26 else None


def _status(row: TicketRow, given: Reading) -> TicketStatus:
    status = row.status
    if status not in STATUSES:
        status = (status or "").lower()
    if status not in STATUSES:
        status = (given.categories or {}).get(row.custom_status_id or 0, "")
    if status not in STATUSES:
        raise UnknownStatus(f"The ticket's status “{row.status}” is not known.")
    return cast(TicketStatus, status)


def _named(row: TicketRow, given: Reading) -> tuple[list[str], tuple[Reference, ...]]:
    if row.subject == "SCRUBBED":
        return [], ()
    tags = row.tags or []
    found: list[Reference] = []
    if isinstance(row, FieldedTicketRow):
        for field in row.custom_fields or ():
            if field.id == given.bug_field:
                found += references.in_field(field.value)
            if field.id == given.area_field and (area := word(field.value)) and area not in tags:
                tags = [*tags, area]
    found += references.in_tags(tags)
    found += references.in_text(f"{row.subject or ''}\n{row.description or ''}")
    return tags, references.kept(found)


def _csat(row: TicketRow) -> Literal["good", "bad"] | None:
    score = row.satisfaction_rating.score if row.satisfaction_rating else None
    if score and score.startswith("good"):
        return "good"
    return "bad" if score and score.startswith("bad") else None


def _said(child: ChildEvent) -> str:
    return child.plain_body or child.body or child.html_body or ""


def _ticket_of(zrn: str | None, kind: str | None, number: str | int | None) -> str | None:
    if zrn and zrn.startswith("zen:ticket:"):
        return zrn.rpartition(":")[2]
    return str(number) if number and kind == "ticket" else None


def _moment(epoch: float | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(epoch, UTC) if epoch else None
    except (ValueError, OverflowError, OSError):
        return None
