"""Records and deliveries that could not be read: looked at again, or dismissed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import DataError
from sqlmodel import Session

from app.actions import rankings
from app.actions.connect import Connect
from app.actions.disguise import disguise
from app.actions.hooks import STREAM, scheme_of
from app.actions.intake import Intake
from app.actions.vault import Vault
from app.core.errors import AppError, NotFound
from app.db.engine import read_only
from app.db.models import DeadLetter, Source
from app.db.queries import activity, hooks, links, sources
from app.db.queries import rankings as stale
from integrations.contract import Connector, Page, Replays
from integrations.deliveries import Incoming
from integrations.errors import SourceError

Found = Page | tuple[str, ...] | str
"""A record, the ids that a delivery names, or the sentence that says why there is neither."""

PAYLOAD_LIMIT = 20_000
MOST = 500
"""Letters looked at in one go."""

NOT_KEPT = "Its text was not kept, so only its source can bring it again."
CUT = "Only its beginning was kept; `bugsprint sync {name} --full` reads it anew."
NO_REPLAY = "Sources of the kind {kind} bring a record again only when it changes there."


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many records are read now, and how many still are not."""

    read: int
    kept: int


def read_again(
    db: Session, name: str, letter_id: int | None, *, connect: Connect, actor: str, at: datetime
) -> Replayed:
    """Try one letter of a source, or all of them; what still cannot be read keeps its reason.

    What has to be asked of the source is asked before anything is locked.
    """
    looked = _look(connect, name, letter_id)
    source = _source(db, name)
    assert source.id is not None
    keeping = _Keeping(db, source, connect.vault, at)
    reasons = {key: keeping.reason(found) for key, found in looked.items()}
    for letter in sources.dead_letters_by_id(db, source.id, list(looked)):
        reason = reasons[letter.id or 0]
        if reason is None:
            db.delete(letter)
        else:
            letter.reason, letter.at = reason, at
    kept = sum(reason is not None for reason in reasons.values())
    stale.mark_stale(db, links.follow_problems(db, at=at))
    detail = f"{len(looked) - kept} of {len(looked)} of {name} are read now"
    activity.note(db, at=at, actor=actor, verb="letters_read", source_id=source.id, detail=detail)
    db.commit()
    rankings.rescore_stale(db, at=at)
    return Replayed(len(looked) - kept, kept)


def dismiss(db: Session, name: str, letter_id: int, *, actor: str, at: datetime) -> None:
    """Let a letter go."""
    source = _source(db, name)
    assert source.id is not None
    letter = _letters(db, source.id, letter_id)[0]
    what = f"{letter.stream} {letter.external_id or 'without a number'} of {name}"
    db.delete(letter)
    activity.note(db, at=at, actor=actor, verb="letter_dismissed", source_id=source.id, detail=what)
    db.commit()


def _look(connect: Connect, name: str, letter_id: int | None) -> dict[int, Found]:
    with Session(read_only(connect.engine)) as reader:
        source = _source(reader, name)
        assert source.id is not None
        letters = _letters(reader, source.id, letter_id)
        reader.expunge_all()
    looking = _Looking(source, connect)
    try:
        return {letter.id or 0: looking.at(letter) for letter in letters}
    finally:
        looking.close()


class _Looking:
    """Reads letters of one source as its sender's module reads them now."""

    def __init__(self, source: Source, connect: Connect) -> None:
        self.source, self.connect = source, connect
        self._connector: Connector | None = None

    def at(self, letter: DeadLetter) -> Found:
        """Return the page, or the records to ask for, or in a sentence why it cannot be read."""
        if not letter.payload:
            return NOT_KEPT
        if len(letter.payload) >= PAYLOAD_LIMIT:
            return CUT.format(name=self.source.name)
        try:
            return self._delivery(letter) if letter.stream == STREAM else self._record(letter)
        except (AppError, SourceError) as error:
            return str(error)

    def close(self) -> None:
        """Give back sockets."""
        if self._connector:
            self._connector.close()

    def _delivery(self, letter: DeadLetter) -> Found:
        scheme = scheme_of(self.source.kind)
        if scheme is None:
            return NO_REPLAY.format(kind=self.source.kind)
        return scheme.changed(Incoming({}, letter.payload.encode()))

    def _record(self, letter: DeadLetter) -> Found:
        self._connector = self._connector or self.connect.to(self.source)
        if not isinstance(self._connector, Replays):
            return NO_REPLAY.format(kind=self.source.kind)
        page = self._connector.again(letter.stream, letter.payload)
        return page.rejected[0].reason if page.rejected else page


@dataclass(frozen=True, slots=True)
class _Keeping:
    """Stores what was found in letters of one source."""

    db: Session
    source: Source
    vault: Vault
    at: datetime

    def reason(self, found: Found) -> str | None:
        """Return why a letter stays; None: what is in it was kept."""
        assert self.source.id is not None
        if isinstance(found, str):
            return found
        if isinstance(found, tuple):
            hooks.ask_again(self.db, self.source.id, found, self.at)
            return None
        keep_text = bool(self.source.options.get("keep_text", True))
        name = self.source.name
        try:
            with self.db.begin_nested():
                hidden = disguise(self.db, self.source, self.vault, at=self.at)
                Intake(self.db, self.source.id, name, hidden, self.at, keep_text).keep(found)
        except (DataError, LookupError, ValueError) as error:
            return f"It can be read, but not stored: {type(error).__name__}."
        return None


def _letters(db: Session, source_id: int, letter_id: int | None) -> Sequence[DeadLetter]:
    if letter_id is None:
        return sources.dead_letters(db, source_id, limit=MOST)
    found = sources.dead_letter(db, source_id, letter_id)
    if found is None:
        raise NotFound("There is no such record any more; it was read or dismissed meanwhile.")
    return [found]


def _source(db: Session, name: str) -> Source:
    found = sources.source_by_name(db, name)
    if found is None or "~" in name:
        raise NotFound(f"There is no source “{name}”.")
    return found
