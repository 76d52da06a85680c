"""Nothing but the sender writes to anybody, and in shadow mode not even the sender does."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.actions import outbox
from app.actions.connect import Connect
from app.core.outgoing import UNDO
from app.core.vocabulary import OutgoingKind
from app.db.models import Outgoing, Source
from app.jobs import Jobs
from tests.actions.helpdesk import NOON, VAULT, HelpDesk, approved, fixed, shipped


@pytest.fixture
def desk():
    with HelpDesk().open() as made:
        yield made


@pytest.fixture
def jobs(engine, desk):
    hosts = frozenset({desk.host})
    connect = Connect(engine, VAULT, desk.clock, hosts, sleep=lambda _seconds: None)
    return Jobs(connect, timedelta(minutes=5))


def everything(jobs, desk, engine, *live):
    """A whole day: sources are read and tested, a fix is released and its messages approved."""
    with Session(engine, expire_on_commit=False) as db:
        source = desk.source(db, *live)
        bug, _ = fixed(db, desk, source)
        number = bug.id
    jobs.sync_all()
    connector = jobs.connect.to(source)
    connector.check()
    list(connector.look_up([("1", ())]))
    connector.close()
    shipped(engine, number)
    with Session(engine) as db:
        ids = list(db.exec(select(Outgoing.id)))
    approved(engine, ids)
    desk.clock.move(UNDO)
    jobs.rank_for_today()
    jobs.sync_all()
    jobs.send()
    return source


def test_in_shadow_mode_nothing_at_all_is_written(jobs, desk, engine):
    everything(jobs, desk, engine)
    assert desk.door.writes() == []
    assert len(desk.door.seen) > 10, "it was asked a lot all the same"
    assert Counter(method for method, _ in desk.door.seen).keys() == {"GET", "POST"}


def test_switched_on_only_the_sender_writes_and_only_what_was_approved(jobs, desk, engine):
    everything(jobs, desk, engine, "told")
    with Session(engine) as db:
        letters = db.exec(select(Outgoing).order_by(Outgoing.id)).all()
    assert [method for method, _ in desk.door.writes()] == ["PUT"] * len(letters)
    sent = [each["ticket"]["comment"] for each in desk.door.sent]
    assert sent == [{"body": each.body, "public": each.public} for each in letters]


def test_switching_off_stops_what_is_approved_already(jobs, desk, engine):
    source = everything(jobs, desk, engine)
    for live in (True, False):
        with Session(engine) as db:
            name = db.get(Source, source.id).name
            outbox.set_live(db, name, OutgoingKind.told, live=live, actor="Adi", at=NOON)
    desk.clock.move(timedelta(hours=1))
    jobs.send()
    assert desk.door.writes() == []
