"""What is pushed: the rows, figures and notes that changed since a note, rendered once."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from pydantic import BaseModel
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from app.db.engine import read_only
from app.db.queries import activity, sprints
from app.views.bugs import rows_of_bugs
from app.views.models import BoardRow, NoteLine
from app.views.rows import note_lines
from app.views.strip import Header, header
from app.web.live import CHANGED, WALL, Frame, Render, encoded, stale
from app.web.rendering import render

log = logging.getLogger("bugsprint.live")
MANY = 500
JUST_NOW = timedelta(minutes=1)
QUIET = {
    "signed_in",
    "signed_out",
    "token_created",
    "user_added",
    "wallboard_made",
    "wallboard_revoked",
}


class Changes(BaseModel):
    """What a page of a sprint's board has to show anew."""

    rows: list[BoardRow]
    header: Header
    notes: list[NoteLine]


def renderer(engine: Engine, clock: Callable[[], datetime]) -> Render:
    """Return the function that turns everything since a note into frames.

    They are as of their newest note, so that whoever draws a change draws the same.
    """
    reader = read_only(engine)

    def frames(seen: int) -> tuple[int, list[Frame]]:
        with Session(reader) as db:
            latest = activity.latest(db)
            if latest <= seen:
                return latest, []
            return latest, _frames(db, seen, latest, clock())

    told = False

    def patient(seen: int) -> tuple[int, list[Frame]]:
        nonlocal told
        try:
            found = frames(seen)
        except SQLAlchemyError:
            # The database may be away for a while; open pages wait for it to come back.
            if not told:
                log.exception("open pages cannot be brought up to date")
            told = True
            return seen, []
        told = False
        return found

    return patient


def _frames(db: Session, seen: int, latest: int, now: datetime) -> list[Frame]:
    sprint = sprints.current_sprint(db)
    every = activity.after(db, seen, limit=MANY)
    notes = [note for note in every if note.verb not in QUIET]
    if sprint is None or sprint.id is None or not notes:
        return []
    walls = Frame(WALL + sprint.slug, latest, CHANGED)
    if len(every) == MANY:  # more than a frame can carry: pages read the list anew
        return [Frame(sprint.slug, latest, stale(latest)), walls]
    # A note may tell of long ago: that a bug was closed at its source, say.
    at = notes[-1].at if timedelta(0) <= now - notes[-1].at < JUST_NOW else now
    touched = {note.bug_id for note in notes if note.bug_id} | {b for n in notes for b in n.bugs}
    titles = activity.titled(db, [n for n in notes if n.sprint_id == sprint.id])
    changes = Changes(
        rows=rows_of_bugs(db, sprint.id, sorted(touched), at=at),
        header=header(db, sprint, at=at),
        notes=note_lines(titles)[::-1],
    )
    drawn = encoded(latest, render("board/frame.html", view=changes))
    return [Frame(sprint.slug, latest, drawn), walls]
