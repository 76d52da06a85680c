"""A write that is sent again with the same Idempotency-Key is done once, and answered alike.

Effect, key and answer are one transaction: actions run inside of it, and what they commit is a
savepoint.  So there is no moment at which a crash leaves one of the three without the others.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import NamedTuple

from sqlalchemy import Connection, Engine
from sqlmodel import Session

from app.core.errors import AppError, Invalid, UnderWay
from app.db.queries import idempotency

KEPT = timedelta(hours=24)
OTHER_REQUEST = "This Idempotency-Key was used for another request; take a new one for this one."
UNDER_WAY = "The first request with this Idempotency-Key is still being served; ask again soon."


@dataclass(frozen=True, slots=True)
class Asked:
    """Who sends which request under which key; the fingerprint stands for the request."""

    who: str
    key: str
    fingerprint: str
    at: datetime


class Answer(NamedTuple):
    """What was answered."""

    status: int
    media_type: str
    body: str


class InHand:
    """The keys that this process is serving at the moment."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._served: set[tuple[str, str]] = set()

    @contextmanager
    def holding(self, who: str, key: str) -> Iterator[None]:
        """Hold a key; it is refused to everybody else meanwhile."""
        mine = (who, key)
        with self._lock:
            if mine in self._served:
                raise UnderWay(UNDER_WAY)
            self._served.add(mine)
        try:
            yield
        finally:
            with self._lock:
                self._served.discard(mine)


class Turn:
    """One serving of a key.  `known` is what was answered already, if it was."""

    def __init__(self, connection: Connection, asked: Asked) -> None:
        self._connection = connection
        self._asked = asked
        self.known = self._known()
        # What actions commit becomes true together with the key, when the turn ends.
        self.db = Session(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )

    def keep(self, answer: Answer) -> None:
        """Keep what is going to be answered."""
        self.db.close()
        about = {"who": self._asked.who, "key": self._asked.key, "at": self._asked.at}
        about["fingerprint"] = self._asked.fingerprint
        idempotency.keep(self._connection, **about, **answer._asdict())

    def _known(self) -> Answer | None:
        who, key = self._asked.who, self._asked.key
        if not idempotency.lock(self._connection, who, key):
            raise UnderWay(UNDER_WAY)
        row = idempotency.answered(self._connection, who, key, self._asked.at - KEPT)
        if row is None:
            return None
        if row.fingerprint != self._asked.fingerprint:
            raise Invalid(OTHER_REQUEST)
        return Answer(row.status, row.media_type, row.body)


@contextmanager
def once(engine: Engine, asked: Asked) -> Iterator[Turn]:
    """Open a turn; everything done in it becomes true at its end, or none of it.

    A refusal is not kept, so that the same request may succeed later.  What an action had
    committed before it refused stays, as it would without a key.
    """
    refused: AppError | None = None
    with engine.connect() as connection, connection.begin():
        turn = Turn(connection, asked)
        try:
            yield turn
        except AppError as error:
            refused = error
        finally:
            turn.db.close()
    if refused is not None:
        raise refused


def forget(db: Session, *, at: datetime) -> int:
    """Forget the answers that nobody may ask for any more; return how many."""
    gone = idempotency.forget(db, at - KEPT)
    db.commit()
    return gone
