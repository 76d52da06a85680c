"""What somebody came in with, and whether it still lets them in while their page stays open."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from app.actions.people import hashed
from app.db.engine import read_only
from app.db.queries import people
from app.web.desk import Desk, moments
from app.web.live import Badges

log = logging.getLogger("bugsprint.live")


def badge_of(desk: Desk) -> str | None:
    """Return what lets the visitor in; None where nobody has to sign in."""
    scheme, _, token = desk.request.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer":
        return hashed(token.strip())
    if not desk.visitor.signed_in:
        return None
    return desk.vouched.strip().lower() if desk.vouched is not None else hashed(desk.token or "")


def good_badges(engine: Engine, clock: Callable[[], datetime]) -> Badges:
    """Return the function that reads which badges are good."""
    reader = read_only(engine)

    def found() -> frozenset[str] | None:
        at = moments(clock())
        try:
            with Session(reader) as db:
                return people.badges(db, at["now"], at["idle_since"])
        except SQLAlchemyError:
            # Nothing is shown either while the database is away; it is asked again soon.
            log.warning("who may go on listening cannot be read at the moment")
            return None

    return found
