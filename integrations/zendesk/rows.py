"""Zendesk's JSON, as far as it is read.  Anything but an id may be null or missing."""

from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from msgspec import UNSET, Struct, UnsetType

T = TypeVar("T")
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
# What a page has by the thousand is not looked at for cycles (gc=False): JSON makes none.


class Score(Struct, gc=False):
    """A ticket's folded satisfaction rating."""

    score: str | None = None


class MetricSet(Struct, gc=False):
    """The sideloaded figures of a ticket."""

    solved_at: Moment | None = None
    reopens: int | None = None


class FieldValue(Struct, gc=False):
    """One custom field of a ticket."""

    id: int
    value: Any = None


class TicketRow(Struct, gc=False):
    """One ticket of the export."""

    id: int
    subject: str | None = None
    raw_subject: str | None = None
    description: str | None = None
    status: str | None = None
    custom_status_id: int | None = None
    priority: str | None = None
    type: str | None = None
    tags: list[str] | None = None
    requester_id: int | None = None
    organization_id: int | None = None
    problem_id: int | None = None
    created_at: Moment | None = None
    updated_at: Moment | None = None
    generated_timestamp: int | None = None
    satisfaction_rating: Score | None = None
    metric_set: MetricSet | None = None


class FieldedTicketRow(TicketRow):
    """The same with its custom fields, for accounts in which one of them is read."""

    custom_fields: list[FieldValue] | None = None


class UserRow(Struct):
    """A sideloaded user; only the domain of the address is used."""

    id: int
    email: str | None = None


class OrganizationRow(Struct):
    """One organisation; its own fields hold revenue, plan and renewal."""

    id: int
    name: str | None = None
    domain_names: list[str] | None = None
    organization_fields: dict[str, Any] | None = None
    updated_at: str | None = None
    deleted_at: str | None = None


class ChildEvent(Struct):
    """A part of a ticket event; comments carry text."""

    event_type: str | None = None
    type: str | None = None
    body: str | None = None
    plain_body: str | None = None
    html_body: str | None = None


class EventRow(Struct):
    """One ticket event with its parts."""

    ticket_id: int
    child_events: list[ChildEvent] | None = None


class LinkRow(Struct):
    """A link of the Jira integration; ids are texts, but numbers were seen."""

    ticket_id: str | int
    issue_id: str | int | None = None
    issue_key: str | None = None


class RatingRow(Struct):
    """An answer to the older satisfaction question."""

    id: int
    ticket_id: int
    score: str | None = None
    created_at: Moment | None = None
    updated_at: Moment | None = None


class Subject(Struct):
    """What a survey was about; tickets are `zen:ticket:ID`."""

    id: str | int | None = None
    zrn: str | None = None
    type: str | None = None


class SurveyAnswer(Struct):
    """One answered question of a survey."""

    type: str | None = None
    rating_category: str | None = None
    created_at: Moment | None = None
    updated_at: Moment | None = None


class ResponseRow(Struct):
    """A filled-in survey; its id is a ULID, which holds its time."""

    id: str
    subjects: list[Subject] | None = None
    answers: list[SurveyAnswer] | None = None


class TicketPage(Struct):
    """A page of the cursor export; rows stay raw until they are read one by one."""

    tickets: list[msgspec.Raw]
    users: list[msgspec.Raw] | None = None
    organizations: list[msgspec.Raw] | None = None
    after_cursor: str | None = None
    end_of_stream: bool | None = None


class ReadTicketPage(Struct, Generic[T]):
    """The same page, read at one go as long as every row of it can be read."""

    tickets: list[T]
    users: list[msgspec.Raw] | None = None
    organizations: list[OrganizationRow] | None = None
    after_cursor: str | None = None
    end_of_stream: bool | None = None


class TimedPage(Struct):
    """A page of a time-based export."""

    organizations: list[msgspec.Raw] | UnsetType = UNSET
    ticket_events: list[msgspec.Raw] | UnsetType = UNSET
    end_time: int | float | None = None
    next_page: str | None = None
    end_of_stream: bool | None = None


class Meta(Struct):
    """Where a cursor-paged list goes on."""

    has_more: bool | None = None
    after_cursor: str | None = None


class ListPage(Struct):
    """A page of a cursor-paged list."""

    links: msgspec.Raw = msgspec.Raw(b"null")
    satisfaction_ratings: list[msgspec.Raw] | None = None
    survey_responses: list[msgspec.Raw] | None = None
    meta: Meta | None = None


class StatusRow(Struct):
    """One of the account's own statuses and the standard one it belongs to."""

    id: int
    status_category: str | None = None


class StatusesPage(Struct):
    """The account's own statuses."""

    custom_statuses: list[StatusRow] | None = None


class FieldRow(Struct):
    """A field that the account's administrators made; organisations' fields have a key."""

    id: int | None = None
    key: str | None = None
    title: str | None = None


class FieldsPage(Struct):
    """The account's own fields, of tickets or of organisations."""

    ticket_fields: list[FieldRow] | None = None
    organization_fields: list[FieldRow] | None = None


class Me(Struct):
    """Who the credentials act as; without an id nobody."""

    id: int | None = None
    name: str | None = None
    role: str | None = None


class MeAnswer(Struct):
    """The answer of users/me."""

    user: Me | None = None


class TokenInfo(Struct):
    """What the current token may do."""

    scopes: list[str] | None = None
    scope: str | None = None
    expires_at: str | None = None


class TokenAnswer(Struct):
    """The answer of oauth/tokens/current."""

    token: TokenInfo | None = None


class SampleRow(Struct):
    """A ticket's subject."""

    subject: str | None = None


class SamplesPage(Struct):
    """A few tickets."""

    tickets: list[SampleRow] | None = None
