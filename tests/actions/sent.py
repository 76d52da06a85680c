"""Released bugs whose messages are approved, and what became of them."""

from sqlmodel import select

from app.core.outgoing import UNDO
from app.db.models import Outgoing, SprintItem
from tests.actions.helpdesk import approved, fixed, shipped


def letters(db):
    db.rollback()
    db.expire_all()
    found = db.exec(select(Outgoing).order_by(Outgoing.id)).all()
    return apart(db, found)


def apart(db, rows):
    """The same rows, loaded and of no session, so that they hold no lock."""
    for row in rows:
        db.refresh(row)
    db.expunge_all()
    db.rollback()
    return rows


def ready(db, engine, desk, *live, customers=2, **more):
    """A released bug whose messages are approved and whose time to undo is over."""
    source = desk.source(db, *(live or ("told",)), **more)
    bug, tickets = fixed(db, desk, source, customers)
    apart(db, [bug, *tickets])
    shipped(engine, bug.id)
    approved(engine, [each.id for each in letters(db)])
    desk.clock.move(UNDO)
    return bug, tickets


def told(desk, db):
    """How often each message stands on its ticket."""
    return [len(desk.comments(each.target, each.marker)) for each in letters(db)]


def state(db, bug):
    db.rollback()
    db.expire_all()
    found = db.exec(select(SprintItem.state).where(SprintItem.bug_id == bug.id)).one()
    db.rollback()
    return found
