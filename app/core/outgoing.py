"""What goes out: the words and the mark of a message, and when it may go.  Nothing is sent here."""

from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from app.core.errors import Invalid

UNDO = timedelta(minutes=10)
"""How long an approval can be taken back before anything is sent."""
WINDOW = timedelta(hours=1)
PER_WINDOW = 50
"""How many messages go out in an hour, and so in one run, with a single approval."""
SIGN = "Reference "
LONGEST_BODY = 4_000
WORDS = """Hello,

the problem behind your request #{number} is fixed, and the fix has been released: it is there for you now.

Still broken? Just answer this message, and it comes straight back to us.

Thank you for telling us about it, and for your patience."""  # noqa: E501 - mail is not wrapped


def mark(*identity: object) -> str:
    """Return a reference by which a message is found again; the same for the same identity."""
    digest = sha256("\x1f".join(map(str, identity)).encode()).digest()
    return "BSP-" + b32encode(digest[:10]).decode()


def letter(words: str, *, number: str, marker: str) -> str:
    """Return the exact text of a message, its reference on the last line."""
    return f"{words.replace('{number}', number).strip()}\n\n{SIGN}{marker}"


def check_words(words: str) -> str:
    """Return the words of new messages, or say what is wrong with them."""
    told = words.replace("\r\n", "\n").strip()
    if not told:
        raise Invalid("Write the words of the message; empty ones cannot be sent.")
    if len(told) > LONGEST_BODY:
        raise Invalid(f"The words are longer than {LONGEST_BODY:,} letters.")
    if SIGN + "BSP-" in told:
        raise Invalid("Leave the reference out: each message gets its own on its last line.")
    return told


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true now of a message, its bug, its customer and its ticket."""

    released: bool
    same_release: bool
    stands: bool
    customer_known: bool
    same_customer: bool
    linked: bool
    whole: bool


REASONS = (
    ("released", "the bug is not released any more"),
    ("same_release", "the bug was released anew since, with a message of its own"),
    ("stands", "the bug was merged into another one since"),
    ("customer_known", "the customer is deleted or was erased"),
    ("whole", "the message has no text any more"),
    ("same_customer", "the ticket belongs to another customer now"),
    ("linked", "the ticket is not about this bug any more"),
)


def why_not(facts: Facts) -> str | None:
    """Say why a message must not go out any more; None: it may."""
    return next((why for name, why in REASONS if not getattr(facts, name)), None)


@dataclass(frozen=True, slots=True)
class Due:
    """An approved message whose time to undo is over."""

    id: int
    customer_id: int | None
    capped: bool
    seconded: bool


@dataclass(slots=True)
class Caps:
    """How much went out lately; counts what is let through."""

    sent: int
    told_today: set[int]

    def hold(self, due: Due) -> str | None:
        """Say why a message waits for a second approval or for later; None: it goes now."""
        if not due.capped or due.seconded:
            return None
        if due.customer_id in self.told_today:
            return "This customer was told something today: it goes tomorrow, or with a second approval."  # noqa: E501
        if self.sent >= PER_WINDOW:
            return f"More than {PER_WINDOW} in an hour need a second approval: it goes later, or with one."  # noqa: E501
        return None

    def count(self, due: Due) -> None:
        """Note that a message goes."""
        self.sent += not due.seconded
        if due.customer_id is not None and due.capped:
            self.told_today.add(due.customer_id)


def share(due: Sequence[Due], caps: Caps) -> dict[int, str | None]:
    """Say of each message in turn whether it goes now (None) or why it is held."""
    said: dict[int, str | None] = {}
    for each in due:
        said[each.id] = caps.hold(each)
        if said[each.id] is None:
            caps.count(each)
    return said


def day_of(at: datetime) -> datetime:
    """Return the first instant of a moment's day, in UTC."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)
