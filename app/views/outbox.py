"""What goes out: every message as it will be sent, and what became of it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import groupby

from pydantic import BaseModel
from sqlmodel import Session

from app.core.errors import Invalid
from app.core.ledger import TOLD, WORDS, Standing, tally
from app.core.outgoing import WORDS as FIRST_WORDS
from app.core.vocabulary import OutgoingKind, OutgoingState
from app.db.queries import customers, outbox, sources, telling
from app.db.queries.outbox import ShownRow
from integrations import MESSENGERS

S = OutgoingState
SHOWN: dict[str, tuple[OutgoingState, ...]] = {
    "open": (S.draft, S.approved, S.sending, S.uncertain, S.failed),
    "done": (S.sent, S.elsewhere, S.cancelled),
    "all": tuple(S),
}
STATE_WORDS = {
    S.draft: "waits for approval",
    S.approved: "approved",
    S.sending: "being sent",
    S.sent: "sent",
    S.failed: "failed",
    S.cancelled: "cancelled",
    S.uncertain: "answer lost, looked for",
    S.elsewhere: "told another way",
}
CLOSED = frozenset({S.sent, S.elsewhere, S.sending})


class Letter(BaseModel):
    """One message.  `body` is what is sent, byte for byte; `held` says why it does not go now."""

    id: int
    kind: OutgoingKind
    state: OutgoingState
    state_word: str
    source: str
    bug_id: int
    customer_id: int | None
    customer: str | None
    ticket: str | None
    ticket_url: str | None
    body: str
    public: bool
    marker: str
    made_at: datetime
    made_by: str
    approved_at: datetime | None
    approved_by: str | None
    second_approval_by: str | None
    not_before: datetime | None
    sent_at: datetime | None
    attempts: int
    result: str
    held: str | None
    decidable: bool


class Batch(BaseModel):
    """The messages about one bug."""

    bug_id: int
    key: str
    title: str
    letters: list[Letter]


class Switch(BaseModel):
    """Whether messages of each kind really go out to a source."""

    source: str
    live: dict[OutgoingKind, bool]


class Outbox(BaseModel):
    """A page of messages by id; `batches` has the same ones, grouped by bug."""

    show: str
    shows: list[str]
    counts: dict[str, int]
    items: list[Letter]
    next: str | None
    batches: list[Batch]
    switches: list[Switch]
    words: str
    at: datetime


def outbox_page(db: Session, show: str, *, after: int, limit: int, at: datetime) -> Outbox:
    """Show messages, oldest first."""
    if show not in SHOWN:
        raise Invalid(f"There is no list “{show}” of messages; known: {', '.join(SHOWN)}.")
    rows = outbox.shown(db, SHOWN[show], after=after, limit=limit + 1)
    held = {each.letter.id or 0: each.held for each in outbox.waiting(db, at)}
    page = rows[:limit]
    letters = [_letter(row, held, at) for row in page]
    states = outbox.count_states(db)
    counts = {name: sum(states.get(each, 0) for each in SHOWN[name]) for name in SHOWN}
    return Outbox(
        show=show,
        shows=list(SHOWN),
        counts=counts,
        items=letters,
        next=str(letters[-1].id) if len(rows) > limit else None,
        batches=_batches(page, letters),
        switches=_switches(db),
        words=outbox.words(db) or FIRST_WORDS,
        at=at,
    )


def _batches(rows: Collection[ShownRow], letters: Collection[Letter]) -> list[Batch]:
    pairs = sorted(zip(rows, letters, strict=True), key=lambda pair: pair[1].bug_id)
    found = []
    for bug_id, some in groupby(pairs, key=lambda pair: pair[1].bug_id):
        own = list(some)
        bug = own[0][0][1]
        found.append(
            Batch(bug_id=bug_id, key=bug.key, title=bug.title, letters=[each for _, each in own])
        )
    return found


def _letter(row: ShownRow, held: Mapping[int, str | None], at: datetime) -> Letter:
    letter, bug, source, customer, ticket = row
    copied = {name: getattr(letter, name) for name in COPIED}
    return Letter(
        **copied,
        state_word=STATE_WORDS[letter.state],
        source=source,
        bug_id=bug.id or 0,
        customer=customer,
        ticket=letter.target or None,
        ticket_url=ticket.url if ticket else None,
        held=held.get(letter.id or 0) or _undo_left(letter.state, letter.not_before, at),
        decidable=letter.state not in CLOSED,
    )


def _undo_left(state: OutgoingState, not_before: datetime | None, at: datetime) -> str | None:
    if state is S.approved and not_before is not None and not_before > at:
        return f"It can be taken back until {not_before:%H:%M} UTC; then it is sent."
    return None


COPIED = (
    "id",
    "kind",
    "state",
    "customer_id",
    "body",
    "public",
    "marker",
    "made_at",
    "made_by",
    "approved_at",
    "approved_by",
    "second_approval_by",
    "not_before",
    "sent_at",
    "attempts",
    "result",
)


def _switches(db: Session) -> list[Switch]:
    return [
        Switch(source=each.name, live={kind: kind.value in each.live for kind in OutgoingKind})
        for each in sources.sources(db)
        if each.kind in MESSENGERS and "~" not in each.name
    ]


class Entry(BaseModel):
    """Where one customer of a bug stands."""

    customer: str
    standing: Standing
    word: str


class Told(BaseModel):
    """Who of a bug's customers was told: the counts of `standings` sum to `customers`."""

    customers: int
    told: int
    standings: dict[Standing, int]
    entries: list[Entry]
    more: int


SHOWN_ENTRIES = 50


def told(db: Session, bug_id: int) -> Told:
    """Show who of a bug's customers was told of its fix."""
    found = telling.entries(db, bug_id)
    counts = tally(found)
    some = list(found)[:SHOWN_ENTRIES]
    names = customers.named(db, some)
    return Told(
        customers=len(found),
        told=sum(counts[each] for each in TOLD),
        standings=counts,
        entries=[
            Entry(customer=names[who].name, standing=found[who], word=WORDS[found[who]])
            for who in some
        ],
        more=len(found) - len(some),
    )
