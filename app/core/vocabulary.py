"""The words of the product: states, roles and kinds shared by every layer."""

from enum import IntEnum, StrEnum


class TicketStatus(StrEnum):
    """Zendesk's status category; `solved` can still be reopened, `closed` cannot."""

    new = "new"
    open = "open"
    pending = "pending"
    hold = "hold"
    solved = "solved"
    closed = "closed"
    deleted = "deleted"


WAITING = frozenset({TicketStatus.new, TicketStatus.open, TicketStatus.pending, TicketStatus.hold})


class StatusCategory(StrEnum):
    """What a tracker's status means, whatever it is called there."""

    open = "open"
    in_progress = "in_progress"
    done = "done"


class Resolution(StrEnum):
    """How a bug ended; only `fixed` is a fix."""

    fixed = "fixed"
    wontfix = "wontfix"
    duplicate = "duplicate"
    invalid = "invalid"
    moved = "moved"
    unknown = "unknown"


class Visibility(StrEnum):
    """Whether the tracker still shows a bug."""

    ok = "ok"
    deleted = "deleted"
    forbidden = "forbidden"
    moved = "moved"


class LinkState(StrEnum):
    """Only `confirmed` links count; `suggested` ones wait for a person."""

    suggested = "suggested"
    confirmed = "confirmed"
    rejected = "rejected"


class LinkOrigin(StrEnum):
    """Where a link was found."""

    jira_link = "jira_link"
    problem = "problem"
    field = "field"
    tag = "tag"
    url = "url"
    text = "text"
    manual = "manual"
    matcher = "matcher"


EXPLICIT = frozenset(
    {
        LinkOrigin.jira_link,
        LinkOrigin.problem,
        LinkOrigin.field,
        LinkOrigin.tag,
        LinkOrigin.url,
        LinkOrigin.manual,
    }
)
"""Origins in which somebody named the bug on purpose; a bare key in prose is not one."""


class Importance(IntEnum):
    """How much a ticket's customer is hurt, set by support."""

    nice_to_have = 1
    important = 2
    critical = 3


class Severity(StrEnum):
    """Technical severity, set by triage; a bug without one counts as S3 and is marked."""

    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"


class CustomerKind(StrEnum):
    """How a customer is known: organisation, else company domain, else the requester."""

    organization = "organization"
    domain = "domain"
    requester = "requester"


class Phase(StrEnum):
    """Where a sprint stands; the order is the order of a sprint's life."""

    pitch = "pitch"
    prepare = "prepare"
    commit = "commit"
    run = "run"
    review = "review"
    close = "close"


class ItemState(StrEnum):
    """The life of a bug inside a sprint."""

    open = "open"
    claimed = "claimed"
    fixed = "fixed"
    released = "released"
    told = "told"
    confirmed = "confirmed"
    reopened = "reopened"
    handed_back = "handed_back"
    declined = "declined"
    duplicate = "duplicate"
    wontfix = "wontfix"


CLAIMABLE = frozenset({ItemState.open, ItemState.reopened, ItemState.handed_back})
RESOLVED = frozenset({ItemState.fixed, ItemState.released, ItemState.told, ItemState.confirmed})
LEFT = frozenset({ItemState.declined, ItemState.duplicate, ItemState.wontfix})
"""States that end an item without a fix."""


class Lane(StrEnum):
    """Why a bug is in the sprint."""

    high_profile = "high_profile"
    own_lingering = "own_lingering"
    choice = "choice"


class Effort(StrEnum):
    """T-shirt size of a fix; XL is over the timebox."""

    S = "S"
    M = "M"
    L = "L"
    XL = "XL"


class Shape(StrEnum):
    """How a board is laid out."""

    list = "list"
    columns = "columns"
    areas = "areas"


class Discipline(StrEnum):
    """What a team member does."""

    engineering = "engineering"
    design = "design"
    product = "product"
    qa = "qa"
    support = "support"


class Role(StrEnum):
    """What a person may do; see permissions."""

    viewer = "viewer"
    engineer = "engineer"
    support_lead = "support_lead"
    exec = "exec"
    admin = "admin"


class SourceState(StrEnum):
    """How a source's last reading went."""

    never = "never"
    ok = "ok"
    degraded = "degraded"
    failing = "failing"


class OutgoingKind(StrEnum):
    """What a message does: tells a customer of a released fix, or tags or annotates a ticket."""

    told = "told"
    tag = "tag"
    note = "note"


class OutgoingState(StrEnum):
    """The life of a message.

    `uncertain`: sent, but the answer was lost.  `elsewhere`: a person told the customer
    another way.
    """

    draft = "draft"
    approved = "approved"
    sending = "sending"
    sent = "sent"
    failed = "failed"
    cancelled = "cancelled"
    uncertain = "uncertain"
    elsewhere = "elsewhere"


class RunKind(StrEnum):
    """What a person starts at a source from a page."""

    test = "test"
    dry_run = "dry_run"
    reading = "reading"


class RunState(StrEnum):
    """How such a run stands."""

    running = "running"
    done = "done"
    failed = "failed"
    stopped = "stopped"
