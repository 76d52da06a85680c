"""What has been kept long enough is let go, the rest is not, and both are said."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.actions import auditing, retention
from app.actions.connect import Connect
from app.core.errors import Invalid
from app.core.retention import Retention
from app.core.vocabulary import Phase
from app.db.models import Activity, DeadLetter, HookDelivery, JobLease, Ticket
from app.db.queries import activity
from app.jobs import Jobs
from tests import make
from tests.actions.sources import VAULT, Given, page_of, run, ticket
from tests.make import DAWN

NOW = DAWN + timedelta(days=1_000)


def days_ago(count):
    return NOW - timedelta(days=count)


def aged(db, source, *, closed_at):
    """Tickets that are done and open, from before and after a sprint's close."""
    make.sprint(db, phase=Phase.close, closed_at=closed_at)
    for name, status, age in (
        ("old", "solved", 200),
        ("waiting", "open", 200),
        ("late", "closed", 50),
    ):
        make.ticket(db, source_id=source, external_id=name, text=f"{name} words", status=status,
                    updated_at=days_ago(age))  # fmt: skip


def texts(db):
    db.expire_all()
    return dict(db.exec(select(Ticket.external_id, Ticket.text)).all())


def test_text_goes_ninety_days_after_the_close_unless_the_ticket_still_waits(db):
    source = make.source(db, name="zd").id
    aged(db, source, closed_at=days_ago(91))
    assert retention.apply(db, at=NOW) == "1 ticket text"
    assert texts(db) == {"old": "", "waiting": "waiting words", "late": "late words"}
    last = db.exec(select(Activity).order_by(Activity.id.desc())).first()
    assert (last.actor, last.verb, last.detail) == ("Bugsprint", "retention", "1 ticket text")


def test_text_stays_while_the_period_lasts_and_while_no_sprint_was_closed(db):
    source = make.source(db, name="zd").id
    aged(db, source, closed_at=days_ago(89))
    assert retention.apply(db, at=NOW) == "nothing was old enough"
    assert "" not in texts(db).values()
    retention.decide(db, Retention(text=30), actor="Ada", at=NOW)
    assert retention.apply(db, at=NOW) == "1 ticket text"


def test_delivery_numbers_go_after_a_week_and_unread_records_lose_what_stood_in_them(db):
    source = make.source(db, name="zd").id
    for name, age in (("young", 6), ("old", 8)):
        db.add(HookDelivery(source_id=source, delivery_id=name, at=days_ago(age)))
    for name, age in (("young", 89), ("old", 91)):
        db.add(DeadLetter(source_id=source, stream="t", reason="no date", payload=name,
                          payload_hash=name, at=days_ago(age)))  # fmt: skip
    db.commit()
    retention.apply(db, at=NOW)
    assert db.exec(select(HookDelivery.delivery_id)).all() == ["young"]
    letters = dict(db.exec(select(DeadLetter.payload_hash, DeadLetter.payload)).all())
    assert letters == {"young": "young", "old": "[erased]"}


def test_notes_go_after_two_years_and_the_chain_still_verifies(db):
    for age in (800, 740, 729, 5):
        activity.note(db, at=days_ago(age), actor="Ada", verb="declined", detail=str(age))
    db.commit()
    assert retention.apply(db, at=NOW) == "2 notes"
    assert [note.detail for note in db.exec(select(Activity).order_by(Activity.id))] == [
        "729",
        "5",
        "2 notes",
    ]
    assert auditing.check(db).broken_at is None
    activity.note(db, at=NOW, actor="Ada", verb="declined", detail="next")
    db.commit()
    assert auditing.check(db).notes == 4


def test_the_newest_note_stays_however_old_it_is(db):
    activity.note(db, at=days_ago(900), actor="Ada", verb="declined", detail="alone")
    db.commit()
    assert retention.apply(db, at=NOW) == "nothing was old enough"
    assert auditing.check(db).notes == 1


@pytest.mark.parametrize("wrong", [{"text": 0}, {"deliveries": 6}, {"audit": 89}])
def test_periods_out_of_bounds_are_refused(db, wrong):
    with pytest.raises(Invalid, match="can be kept for"):
        retention.decide(db, Retention(**wrong), actor="Ada", at=NOW)


def test_a_source_that_keeps_no_text_never_had_any(db):
    source = make.source(db, name="zd", options={"keep_text": False})
    run(db, source, Given({"t": [page_of(ticket("1", text="words", subject="Help"))]}))
    row = db.exec(select(Ticket)).one()
    assert (row.subject, row.text) == ("Help", "")


def test_the_jobs_let_go_verify_and_scrub_once_each_and_log_the_head(db, caplog):
    activity.note(db, at=DAWN, actor="Ada", verb="declined", detail="x")
    db.commit()
    db.rollback()
    jobs = Jobs(Connect(db.get_bind(), VAULT, lambda: NOW), timedelta(minutes=5))
    with caplog.at_level("INFO", "bugsprint.jobs"):
        for _ in range(2):
            jobs.let_go()
            jobs.check_the_log()
            jobs.scrub()
    head = db.exec(select(Activity.seal)).one()
    assert [r.getMessage() for r in caplog.records if head in r.getMessage()] != []
    fences = {row.name: row.fence for row in db.exec(select(JobLease))}
    assert fences == {"retention": 1, "audit": 1, "scrub": 1}


def test_a_cut_end_is_found_because_the_last_head_was_written_down(db):
    for number in range(3):
        activity.note(db, at=DAWN, actor="Ada", verb="declined", detail=str(number))
    auditing.check_and_remember(db, at=DAWN)
    connection = db.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DROP TRIGGER activity_stays")
    else:
        connection.exec_driver_sql("ALTER TABLE activity DISABLE TRIGGER ALL")
    connection.exec_driver_sql("DELETE FROM activity WHERE id = 3")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ALTER TABLE activity ENABLE TRIGGER ALL")
    db.commit()
    assert auditing.check(db).broken_at == 3
