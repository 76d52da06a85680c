"""Several people change the same many bugs at once: each bug has one winner, and nobody hangs."""

import time
from contextlib import suppress
from functools import partial
from threading import Barrier, Thread

from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from app.actions import bulk, claims
from app.actions.bulk import Deed, Wish
from app.core import chain
from app.core.errors import Conflict
from app.db.engine import trouble
from app.db.models import Activity, SprintItem
from tests import make

BUGS, PATIENCE = 24, 60


def patiently(act):
    """Try again while the database is busy, as the pages and programs do."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return act()
        except OperationalError as error:
            if trouble(error) is None or time.monotonic() > end:
                raise


def all_at_once(engine, who, order, team):
    """Claim all of them in one action; returns those that were won."""
    wish = Wish(Deed.claim, order, team)
    with Session(engine) as own:
        step = {"actor": who, "at": make.DAWN}
        return patiently(lambda: bulk.many(own, wish, lambda _: None, **step)).done


def one_by_one(engine, who, order, team):
    """Claim some of them, each by itself; returns those that were won."""
    mine = []
    for bug in order[:6]:
        with Session(engine) as own, suppress(Conflict):
            step = {"team_id": team, "actor": who, "at": make.DAWN}
            patiently(partial(claims.claim, own, bug, **step))
            mine.append(bug)
    return mine


def test_of_many_who_claim_the_same_bugs_each_bug_has_one_and_all_come_to_an_end(db, engine):
    made, team = [make.bug(db) for _ in range(BUGS)], make.team(db).id
    make.sprint(db, *made)
    bugs = [bug.id for bug in made]
    db.rollback()
    people = {"Ana": all_at_once, "Bob": all_at_once, "Cid": all_at_once, "Dan": one_by_one}
    gate, won = Barrier(len(people)), {}

    def run(who, claim, order):
        gate.wait()
        won[who] = claim(engine, who, order, team)

    orders = (bugs, bugs[::-1]) * 2
    threads = [
        Thread(target=run, args=(*who, o)) for who, o in zip(people.items(), orders, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * PATIENCE)
    assert sorted(bug for mine in won.values() for bug in mine) == bugs
    held = dict(db.exec(select(SprintItem.bug_id, SprintItem.claimed_by)).all())
    assert held == {bug: who for who, mine in won.items() for bug in mine}
    notes = [row.model_dump() for row in db.exec(select(Activity).order_by(Activity.id))]
    assert sorted(note["bug_id"] for note in notes) == bugs
    assert chain.verify(notes).broken_at is None
