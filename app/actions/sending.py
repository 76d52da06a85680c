"""The sender: the only place from which anything is written to somebody else's system.

A message is claimed with a lease and a fence, noted as being sent, looked for at the receiver,
tested once more, sent, and its outcome noted.  Wherever that is cut off, the next run looks for the
message's reference at the receiver first; nothing is ever sent again blindly.
"""

from collections import Counter
from collections.abc import Callable, Collection
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.actions import loop
from app.actions.connect import Connect
from app.core.errors import AppError
from app.core.outgoing import Facts, why_not
from app.core.vocabulary import OutgoingKind, OutgoingState
from app.db.engine import is_busy, read_only
from app.db.models import Outgoing, Source
from app.db.queries import activity, outbox, telling
from app.db.queries.outbox import Stand
from integrations.contract import Messenger, Seen, Written
from integrations.errors import SourceError, Unavailable

LEASE = timedelta(minutes=10)
ROOM = timedelta(minutes=2)
"""What must be left of the lease before a write: longer than any write takes."""
LOOK_AGAIN = timedelta(minutes=5)
"""An answer that was lost: time for the message to arrive before it is looked for."""
LATER = timedelta(minutes=10)
TRIES = 3
TRIES_WHEN_BUSY = 5
SENDER = "Bugsprint"
APPROVED = (OutgoingState.approved,)
VERBS = {
    OutgoingState.sent: "outbox_sent",
    OutgoingState.failed: "outbox_failed",
    OutgoingState.cancelled: "outbox_dropped",
    OutgoingState.uncertain: "outbox_uncertain",
}


def _nothing() -> None:
    """Hold on to no lease."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be noted of a message; `delay`: how long it is left alone."""

    state: OutgoingState
    result: str = ""
    delay: timedelta | None = None


@dataclass
class Sender:
    """One run over everything that is due.  `hold` keeps the run's own lease."""

    connect: Connect
    hold: Callable[[], None] = _nothing
    open: ExitStack = field(default_factory=ExitStack)
    messengers: dict[int, Messenger] = field(default_factory=dict)

    @property
    def engine(self) -> Engine:
        """Return the way to the rows."""
        return self.connect.engine

    def run(self) -> Counter[str]:
        """Send what is due and look after what was left behind; counts outcomes by state."""
        counts: Counter[str] = Counter()
        with self.open:
            self._write_missing()
            for number, states in [*self._due(), *self._left_behind()]:
                self.hold()
                counts[self._attempt(number, states)] += 1
        return counts

    def _write_missing(self) -> None:
        with Session(read_only(self.engine)) as db:
            short = telling.unwritten(db)
        for bug_id in short:
            with Session(self.engine) as db:
                loop.write_missing(db, bug_id, at=self._now())

    def _due(self) -> list[tuple[int, Collection[OutgoingState]]]:
        with Session(read_only(self.engine)) as db:
            due = outbox.waiting(db, self._now())
            return [(each.letter.id or 0, APPROVED) for each in due if each.held is None]

    def _left_behind(self) -> list[tuple[int, Collection[OutgoingState]]]:
        with Session(read_only(self.engine)) as db:
            found = outbox.left_behind(db, self._now())
        return [(number, outbox.UNDER_WAY) for number in found]

    def _attempt(self, number: int, states: Collection[OutgoingState]) -> str:
        until = self._now() + LEASE
        with Session(self.engine) as db:
            fence = outbox.take(db, number, states, at=self._now(), until=until)
            db.commit()
        if fence is None:
            return "taken back"
        risky = states is outbox.UNDER_WAY
        return self._note(number, fence, self._deliver(number, until, risky=risky), risky=risky)

    def _deliver(self, number: int, until: datetime, *, risky: bool) -> Verdict:
        """Look, test, send.  `risky`: an earlier attempt may have arrived."""
        unsure = OutgoingState.uncertain if risky else OutgoingState.approved
        for _ in range(TRIES):
            stand = self._stand(number)
            try:
                messenger = self._messenger(stand.source)
                seen = messenger.look(stand.letter.target, stand.letter.marker)
            except (AppError, SourceError) as error:
                return Verdict(unsure, str(error), _delay(error))
            known = self._known_end(number, seen, risky=risky)
            if known:
                return known
            assert seen is not None
            if until - self._now() < ROOM:
                return Verdict(OutgoingState.approved, "There was no time left.", LATER)
            written = _write(messenger, stand, seen)
            if written.outcome != "conflict":
                return _after(written)
        return Verdict(OutgoingState.approved, "The ticket kept changing.", LATER)

    def _known_end(self, number: int, seen: Seen | None, *, risky: bool) -> Verdict | None:
        """Return how it ends without a write; None: the message is to be sent now."""
        if seen is None:
            if risky:
                text = "The ticket is gone, so nobody can say whether it arrived: decide."
                return Verdict(OutgoingState.uncertain, text, LATER)
            return Verdict(OutgoingState.failed, "The ticket is gone: tell them another way.")
        stand = self._stand(number)
        if seen.marked or (_tags(stand.letter) and _tags(stand.letter) <= seen.tags):
            return Verdict(OutgoingState.sent)
        why = self._why_not(stand)
        if why:
            return Verdict(OutgoingState.cancelled, f"Not sent: {why}.")
        if stand.letter.kind.value not in stand.source.live or stand.source.paused:
            return Verdict(OutgoingState.approved)
        if not seen.answerable:
            return Verdict(OutgoingState.failed, "The ticket is closed: tell them another way.")
        return None

    def _why_not(self, stand: Stand) -> str | None:
        letter, bug_id = stand.letter, stand.letter.bug_id
        with Session(read_only(self.engine)) as db:
            return why_not(
                Facts(
                    released=telling.is_released(db, bug_id),
                    same_release=telling.release_of(db, bug_id) == letter.transition,
                    stands=stand.bug.duplicate_of_id is None,
                    customer_known=stand.customer is not None and not stand.customer.deleted,
                    same_customer=stand.ticket is not None
                    and stand.ticket.customer_id == letter.customer_id,
                    linked=letter.ticket_id in {t.ticket_id for t in telling.touched(db, bug_id)},
                    whole=letter.marker in letter.body or bool(_tags(letter)),
                )
            )

    def _note(self, number: int, fence: int, verdict: Verdict, *, risky: bool) -> str:
        for attempt in range(TRIES_WHEN_BUSY):
            try:
                return self._note_once(number, fence, verdict, risky=risky)
            except OperationalError as error:
                if not is_busy(error) or attempt == TRIES_WHEN_BUSY - 1:
                    raise
        return verdict.state.value

    def _note_once(self, number: int, fence: int, verdict: Verdict, *, risky: bool) -> str:
        at = self._now()
        values = {
            "state": verdict.state,
            "result": verdict.result,
            "locked_until": at + verdict.delay if verdict.delay else None,
            "sent_at": at if verdict.state is OutgoingState.sent else None,
        }
        with Session(self.engine) as db:
            if not outbox.record(db, number, fence, **values):
                return "taken by another sender"
            repeated = risky and verdict.state is OutgoingState.uncertain
            if verdict.state in VERBS and not repeated:
                self._tell(db, number, verdict.state, at)
            db.commit()
        return verdict.state.value

    def _tell(self, db: Session, number: int, state: OutgoingState, at: datetime) -> None:
        stand = outbox.stand(db, number)
        assert stand is not None
        letter = stand.letter
        tagged = letter.kind is OutgoingKind.tag and state is OutgoingState.sent
        activity.note(
            db,
            at=at,
            actor=SENDER,
            verb="outbox_tagged" if tagged else VERBS[state],
            bug_id=letter.bug_id,
            ticket_id=letter.ticket_id,
            source_id=letter.source_id,
            detail=f"ticket {letter.target} at {stand.source.name}",
        )
        if state is OutgoingState.sent and letter.kind is OutgoingKind.told:
            loop.settle(db, letter.bug_id, actor=SENDER, at=at)

    def _stand(self, number: int) -> Stand:
        with Session(read_only(self.engine)) as db:
            found = outbox.stand(db, number)
            db.expunge_all()
        assert found is not None
        return found

    def _messenger(self, source: Source) -> Messenger:
        number = source.id or 0
        if number not in self.messengers:
            made = self.open.enter_context(closing(self.connect.messenger(source)))
            self.messengers[number] = made
        return self.messengers[number]

    def _now(self) -> datetime:
        return self.connect.clock()


def _write(messenger: Messenger, stand: Stand, seen: Seen) -> Written:
    letter = stand.letter
    if letter.kind is OutgoingKind.tag:
        tags = sorted(_tags(letter))
        return messenger.add_tags(letter.target, tags=tags, stamp=seen.stamp)
    return messenger.comment(
        letter.target, body=letter.body, public=letter.public, stamp=seen.stamp
    )


def _tags(letter: Outgoing) -> frozenset[str]:
    """Return the tags that a message adds; they are their own mark."""
    return frozenset(letter.body.split() if letter.kind is OutgoingKind.tag else ())


def _after(written: Written) -> Verdict:
    match written.outcome:
        case "sent":
            return Verdict(OutgoingState.sent)
        case "later":
            wait = timedelta(seconds=written.after) if written.after else LATER
            return Verdict(OutgoingState.approved, written.said, wait)
        case "lost":
            return Verdict(OutgoingState.uncertain, written.said, LOOK_AGAIN)
        case _:
            return Verdict(OutgoingState.failed, written.said)


def _delay(error: Exception) -> timedelta:
    after = error.retry_after if isinstance(error, Unavailable) else None
    return max(LATER, timedelta(seconds=after or 0))
