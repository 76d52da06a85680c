"""What is started from a page: it goes on beside it, can be stopped, and goes on from there."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.actions import runs
from app.actions.connect import Connect
from app.actions.counting import Tally
from app.actions.runs import Teller
from app.actions.starting import Starter
from app.actions.sync import Sync
from app.core.areas import AreaRule
from app.core.errors import Conflict
from app.core.privacy import veiled
from app.core.vocabulary import RunKind, RunState, SourceState
from app.db.models import Activity, Source, Stream
from app.db.queries import bugs, sources
from app.db.queries import runs as rows
from integrations.contract import IssueRecord, Page, Reference, TicketRecord
from tests import make
from tests.actions.sources import VAULT
from tests.make import DAWN

READING = RunKind.reading


def ticket(number, *refs):
    named = tuple(Reference(ref, origin) for ref, origin in refs)
    return TicketRecord(
        external_id=str(number), url=None, subject="It hangs", text="", status="open",
        priority=None, type=None, tags=("vip",), customer=None, requester=None,
        requester_domain="acme.example", problem=None, created_at=DAWN, updated_at=DAWN,
        solved_at=None, reopens=0, csat=None, stamp=number, references=named,
    )  # fmt: skip


def issue(number, *labels):
    return IssueRecord(
        external_id=str(number), key=f"acme/app#{number}", names=(), url=None, title="Export",
        text="", type=None, status_raw="Ready for QA", status_category="in_progress",
        resolution=None, priority_raw=None, severity=None, labels=labels, components=(),
        assignees=(), reporter=None, created_at=DAWN, updated_at=DAWN, closed_at=None,
    )  # fmt: skip


class Slow:
    """Four pages of one ticket each; `after`: called between them."""

    streams = ("tickets",)
    kind, noun = "zendesk", "tickets"

    def __init__(self, after=lambda: None):
        self.after, self.closed, self.asked = after, False, []

    def pages(self, stream, position):
        self.asked.append(position)
        for number in range(int(position or 0) + 1, 5):
            yield Page(records=[ticket(number)], position=str(number), total=4)
            self.after()

    def look_up(self, known):
        return iter(())

    def close(self):
        self.closed = True


@pytest.fixture
def source(db):
    made = make.source(db, "zendesk", name="desk")
    number = made.id
    db.rollback()
    return number


def told(engine, source, kind=READING):
    return Teller(engine, source, kind, lambda: DAWN)


def begin(db, source, kind=READING, at=DAWN):
    runs.begin(db, [db.get(Source, source)], kind, at=at)


def test_a_stopped_reading_keeps_what_it_read_is_paused_and_goes_on_from_there(engine, db, source):
    begin(db, source)
    asked = []

    def stop_after_two():
        asked.append(1)
        if len(asked) == 2:
            with Session(engine) as other:
                runs.stop(other, "desk", actor="Ana", at=DAWN)

    slow, teller = Slow(), told(engine, source)

    def progress(stream, count, total):
        stop_after_two()
        teller(stream, count, total)

    outcome = Sync(engine, source, slow, VAULT, lambda: DAWN, progress).run()
    assert (outcome.kept, outcome.stopped, teller.stopped) == (2, True, True)
    row = db.get(Source, source)
    assert (row.paused, row.state, row.good_at) == (True, SourceState.degraded, None)
    assert "stopped by hand" in row.note
    by_ana = select(Activity.verb).where(Activity.actor == "Ana").order_by(Activity.id)
    assert db.exec(by_ana).all() == ["source_paused"]
    assert db.get(Stream, (source, "tickets")).position == "2"
    db.rollback()
    begin(db, source, at=DAWN + timedelta(minutes=11))
    outcome = Sync(engine, source, again := Slow(), VAULT, lambda: DAWN, told(engine, source)).run()
    assert (again.asked, outcome.kept, outcome.failed) == (["2"], 2, None)
    db.expire_all()
    assert rows.run(db, (source, READING)).counts == {"tickets": [2, 4]}


def test_a_second_run_is_refused_while_the_first_one_lives_and_allowed_once_it_is_silent(
    db, source
):
    begin(db, source)
    with pytest.raises(Conflict, match="desk is being read already"):
        begin(db, source, at=DAWN + timedelta(minutes=9))
    db.rollback()
    begin(db, source, RunKind.dry_run)
    other = make.source(db, "github")
    with pytest.raises(Conflict):
        runs.begin(db, [other, db.get(Source, source)], READING, at=DAWN)
    db.rollback()
    assert rows.run(db, (other.id, READING)) is None, "Nobody would ever end it."
    begin(db, source, at=DAWN + timedelta(minutes=11))


def test_a_defect_of_ours_ends_the_run_in_words_and_spares_the_next_source(
    engine, db, source, caplog
):
    make.source(db, "github", name="tracker")
    db.rollback()
    begun = []

    def read(one, _progress):
        begun.append(one.name)
        if one.name == "tracker":
            raise RuntimeError("boom")
        return "4 records"

    connect = Connect(engine, VAULT, lambda: DAWN)
    starter = Starter(connect, read, lambda: begun.append("ranked"), spawn=lambda run: run())
    with Session(engine, expire_on_commit=False) as own:  # as a request has it
        starter.reading(own, [own.get(Source, source), rows_named(own, "tracker")], at=DAWN)
    assert begun == ["tracker", "desk", "ranked"]
    db.expire_all()
    failed = rows.run(db, (rows_named(db, "tracker").id, READING))
    assert (failed.state, failed.said) == (
        RunState.failed,
        "It was stopped by a defect of ours (RuntimeError); the log says more.",
    )
    assert "boom" in caplog.text


def rows_named(db, name):
    found = sources.source_by_name(db, name)
    assert found is not None
    return found


def test_a_tally_counts_each_once_and_names_what_matches_nothing(db):
    tally = Tally([AreaRule(7, ("label:mail",))])
    tally.look(Page(records=[issue(1, "mail"), issue(2, "ui"), issue(2, "ui")], position=""))
    linked = ticket(1, ("acme/app#1", "field"), ("acme/app#9", "url"), ("acme/app#8", "text"))
    tally.look(Page(records=[linked, linked, ticket(2)], position=""))
    found = tally.found(db)
    assert (found["tickets"], found["bugs"], found["links"], found["unmatched"]) == (2, 2, 1, 1)
    assert (found["areas"], found["no_area"], found["strange"]) == ({"7": 1}, 1, [["ui", 1]])
    assert ["Ready for QA", "in_progress", 2] in found["states"]


def test_bugs_that_are_stored_already_count_as_known(db):
    bug = make.bug(db)
    bugs.keep_names(db, [(bug.id, "acme/app#77")])
    tally = Tally([])
    tally.look(Page(records=[ticket(1, ("ACME/app#77", "field"))], position=""))
    assert (tally.found(db)["links"], tally.found(db)["unmatched"]) == (1, 0)


def test_of_a_veiled_sentence_no_name_and_no_number_can_be_read():
    said = veiled("Maria Kovač cannot export invoice 4711-B since Monday")
    assert said == "M… K… cann… expo… invo… 4…-B sinc… M…"
