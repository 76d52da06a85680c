"""The outbox from the command: list, approve in somebody's name, send."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from app.actions import loop, outbox
from app.core.vocabulary import ItemState, Role
from app.db.engine import open_engine
from app.db.models import Outgoing, Source
from tests import make


@pytest.fixture
def ids(on_both, database_url):
    """Two drafts about a released bug, and people who may and may not approve them."""
    on_both.done("source", "list")  # brings up the schema
    at = datetime.now(UTC) - timedelta(hours=1)
    engine = open_engine(database_url)
    with Session(engine) as db:
        make.user(db, Role.support_lead, email="sam@example.com", name="Sam")
        make.user(db, Role.engineer, email="ann@example.com", name="Ann")
        bug = make.bug(db, "Export hangs")
        make.item(db, make.sprint(db), bug, state=ItemState.fixed)
        make.ticket(db, on=bug)
        make.ticket(db, on=bug)
        loop.ship(db, bug.id, actor="Ann", at=at)
        found = list(db.exec(select(Outgoing.id).order_by(Outgoing.id)))
    engine.dispose()
    return found


def test_each_message_is_listed_as_it_is_sent(on_both, ids):
    said = on_both.done("outbox", "list")
    assert said.count("waits for approval") == 2
    assert said.count("Still broken?") == 2
    shown = json.loads(on_both.done("outbox", "list", "--json"))
    assert [each["id"] for each in shown["items"]] == ids
    assert all(each["body"].splitlines()[-1] in said for each in shown["items"])


def test_messages_are_approved_in_the_name_of_somebody_who_may(on_both, ids):
    assert "who may sign in" in on_both("outbox", "approve", ids[0], "--by", "x@example.com").err
    refused = on_both("outbox", "approve", ids[0], "--by", "ann@example.com")
    assert (refused.code, refused.err) == (
        1,
        "Ann may not approve messages; a support lead may.\n",
    )
    said = on_both.done("outbox", "approve", *ids, "--by", "sam@example.com")
    assert said == "2 messages approved; sending begins in 10 minutes.\n"
    assert on_both("outbox", "approve", 999, "--by", "sam@example.com").code == 1


def test_a_dry_run_prints_the_rows_that_would_go_and_sends_none(on_both, ids, database_url):
    assert on_both.done("outbox", "send", "--dry-run") == (
        "0 messages would be sent; nothing was.\n"
    )
    engine = open_engine(database_url)
    with Session(engine) as db:
        for source in db.exec(select(Source)):
            source.live = ["told"]
        db.commit()
        at = datetime.now(UTC) - timedelta(minutes=30)
        outbox.approve(db, ids[:1], actor="Sam", at=at)
    engine.dispose()
    listed = on_both.done("outbox", "list").splitlines()
    said = on_both.done("outbox", "send", "--dry-run").splitlines()
    assert said[-1] == "1 message would be sent; nothing was."
    assert said[:-1] == listed[: len(said) - 1]
    assert json.loads(on_both.done("outbox", "list", "--json"))["items"][0]["state"] == "approved"


def test_sending_in_shadow_mode_sends_nothing(on_both, ids):
    on_both.done("outbox", "approve", *ids, "--by", "sam@example.com")
    assert on_both.done("outbox", "send") == "The outbox: nothing.\n"
