"""What every source of tickets, customers or bugs must offer.  Knows nothing of the product.

All datetimes are aware UTC.  `external_id` is the source's immutable id as text.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Literal, Protocol, runtime_checkable

import msgspec
from pydantic import BaseModel

from integrations.patience import LONGEST_SECONDS

TicketStatus = Literal["new", "open", "pending", "hold", "solved", "closed", "deleted"]
StatusCategory = Literal["open", "in_progress", "done"]
Resolution = Literal["fixed", "wontfix", "duplicate", "invalid", "moved", "unknown"]
Visibility = Literal["ok", "deleted", "forbidden", "moved"]


class TicketRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One customer conversation.

    `stamp` orders versions of one ticket upstream (any growing integer; Zendesk:
    generated_timestamp); an older one never overwrites a newer one.  `references` are the bug
    keys and addresses found in it, with where they were found.
    """

    external_id: str
    url: str | None
    subject: str
    text: str
    status: TicketStatus
    priority: str | None
    type: str | None
    tags: tuple[str, ...]
    customer: str | None
    requester: str | None
    requester_domain: str | None
    problem: str | None
    created_at: datetime
    updated_at: datetime
    solved_at: datetime | None
    reopens: int
    csat: Literal["good", "bad"] | None
    stamp: int
    references: tuple["Reference", ...] = ()


class Reference(msgspec.Struct, frozen=True, gc=False):
    """A bug named in a ticket: `ref` is a key, an issue id or a full URL, as written.

    `origin`: field, tag, url (a full address), text (a bare key in prose) or jira_link.
    """

    ref: str
    origin: Literal["field", "tag", "url", "text", "jira_link"]


class CustomerRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One organisation; `arr` in whole cents of the account's currency."""

    external_id: str
    name: str
    tier: str | None = None
    arr_cents: int | None = None
    renewal_on: date | None = None
    domains: tuple[str, ...] = ()
    deleted: bool = False


class IssueRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One bug of a tracker.  `names` are all keys, numbers and URLs it ever had."""

    external_id: str
    key: str
    names: tuple[str, ...]
    url: str | None
    title: str
    text: str
    type: str | None
    status_raw: str
    status_category: StatusCategory
    resolution: Resolution | None
    priority_raw: str | None
    severity: Literal["S1", "S2", "S3", "S4"] | None
    labels: tuple[str, ...]
    components: tuple[str, ...]
    assignees: tuple[str, ...]
    reporter: str | None
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    visibility: Visibility = "ok"
    duplicate_of: str | None = None


class Gone(msgspec.Struct, frozen=True):
    """A bug that its tracker no longer shows: history is kept, it is not a fix."""

    external_id: str
    visibility: Visibility


class TicketMention(msgspec.Struct, frozen=True):
    """References found apart from the ticket itself: in its comments or by a link API."""

    ticket: str
    references: tuple[Reference, ...]


class Rating(msgspec.Struct, frozen=True, kw_only=True):
    """One answered satisfaction question of one ticket; `system` says which of the two asked."""

    ticket: str
    external_id: str
    score: Literal["good", "bad", "neutral"]
    system: Literal["legacy", "survey"]
    at: datetime


Record = TicketRecord | CustomerRecord | IssueRecord | Gone | TicketMention | Rating


class Rejected(msgspec.Struct, frozen=True):
    """A row that could not be read: it goes to the dead letters, the page goes on."""

    external_id: str | None
    reason: str
    payload: str


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Some records, and the position that is safe to store once they are stored.

    `present` is set by a census stream on its last page: every id the source still shows.
    `total` is the number of records the walk will bring, where the source says so.
    """

    records: Sequence[Record]
    position: str
    rejected: Sequence[Rejected] = ()
    present: frozenset[str] | None = None
    total: int | None = None


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What a connection test found: who we are there, what we may do, and some samples.

    `clock_skew_seconds` is how far our clock is ahead of the source's.
    """

    who: str
    scopes: tuple[str, ...] = ()
    quota: str | None = None
    clock_skew_seconds: float | None = None
    samples: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Limiter(Protocol):
    """Asked before each request that a vendor counts; returns when the request may be sent."""

    def wait(self, bucket: str, per_minute: int) -> None:
        """Take one of `per_minute` slots of `bucket`, shared by all processes."""
        ...


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What the host lends a connector: limits, time, patience, and where it may connect.

    `tries` bounds all tries of one request, and `longest_seconds` what it may wait between them.
    """

    limiter: Limiter
    now: "Clock"
    sleep: "Sleep"
    private_hosts: frozenset[str] = frozenset()
    tries: int = 6
    longest_seconds: float = LONGEST_SECONDS


class Clock(Protocol):
    """Tells the time."""

    def __call__(self) -> datetime: ...


class Sleep(Protocol):
    """Waits."""

    def __call__(self, seconds: float, /) -> None: ...


class Connector(Protocol):
    """Reads one source, stream by stream, each from a position to its end.

    `Options` is the pydantic model of its settings (SecretStr for secrets, extra forbidden); it
    feeds the form, the command and the docs.  `streams` are read in this order.  A connector may
    say in `clock_skew_seconds` how far our clock is ahead of its source's.
    """

    kind: ClassVar[str]
    noun: ClassVar[Literal["tickets", "bugs", "any"]]
    Options: ClassVar[type[BaseModel]]
    streams: Sequence[str]

    def pages(self, stream: str, position: str) -> Iterator[Page]:
        """Yield pages, oldest change first; `position` is "" on the first run.

        Raises Denied when only this stream is closed to us, else another SourceError.
        """
        ...

    def look_up(self, known: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[IssueRecord | Gone]:
        """Ask for bugs that a census missed, one by one, each given as (external_id, names).

        Some sources find an issue by its address, not by its id: `names` are those the bug was
        ever stored under.  Sources without a census yield nothing.
        """
        ...

    def check(self) -> Identity:
        """Try the connection: identity, scopes, quota, clock difference, three samples."""
        ...

    def close(self) -> None:
        """Give back sockets."""
        ...


@runtime_checkable
class Replays(Protocol):
    """Offered by a connector that can look again at a record that it rejected."""

    def again(self, stream: str, payload: str) -> Page:
        """A page without position, of one record or of one rejected; raises SourceError."""
        ...


class ConnectorFactory(Protocol):
    """How the host makes a connector: options as given, secrets as text."""

    Options: ClassVar[type[BaseModel]]

    def __call__(self, options: Mapping[str, Any], around: Surroundings) -> Connector: ...


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What a ticket shows before it is written to: `marked` when the message is there already.

    `stamp` names the version of the ticket that was looked at; a later one refuses the write.
    """

    marked: bool
    stamp: str
    answerable: bool
    tags: frozenset[str] = frozenset()


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a write.

    `sent`: it is there.  `conflict`: the ticket changed since it was looked at; nothing was done.
    `refused`: the service said no, and will again.  `later`: it surely was not done, but may be.
    `lost`: no usable answer came, so that it may be there or not.
    """

    outcome: Literal["sent", "conflict", "refused", "later", "lost"]
    said: str = ""
    after: float | None = None


class Messenger(Protocol):
    """Writes to tickets of one source; made by the outbox's sender alone."""

    def look(self, ticket: str, marker: str) -> Seen | None:
        """Look for a marker in everything said on a ticket; None: there is no such ticket."""
        ...

    def comment(self, ticket: str, *, body: str, public: bool, stamp: str) -> Written:
        """Say something on a ticket.  `public` has no default: who calls has to know."""
        ...

    def add_tags(self, ticket: str, *, tags: Sequence[str], stamp: str) -> Written:
        """Add tags; those that are there stay."""
        ...

    def close(self) -> None:
        """Give back sockets."""
        ...


class MessengerFactory(Protocol):
    """How the host makes a messenger."""

    def __call__(self, options: Mapping[str, Any], around: Surroundings) -> Messenger: ...
