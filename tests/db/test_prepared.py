"""What runs on the driver itself reads, writes and fails as it would through SQLAlchemy."""

import pytest
from sqlalchemy import bindparam, func, insert, literal_column, select, table, update
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlmodel import Session

from app.core.vocabulary import Effort, ItemState
from app.db.engine import open_engine, trouble
from app.db.models import Activity, BugScore, SprintItem
from app.db.prepared import Prepared
from app.db.queries.upsert import table_of
from tests import make

ITEM, SCORE = table_of(SprintItem), table_of(BugScore)
COLUMNS = (
    select(*ITEM.c, *SCORE.c)
    .join(SCORE, SCORE.c.bug_id == ITEM.c.bug_id)
    .where(ITEM.c.bug_id == bindparam("bug"))
)
TAKEN = (
    update(ITEM)
    .where(ITEM.c.bug_id == bindparam("bug"), ITEM.c.state == ItemState.open)
    .values(state=bindparam("new_state"), claimed_by="Ana", claimed_at=bindparam("new_at"))
    .returning(ITEM.c.state, ITEM.c.claimed_at)
)


@pytest.fixture
def bug(db):
    bug = make.bug(db, "Export hangs")
    make.item(db, make.sprint(db), bug, effort=Effort.M, reasons=["high “impact”", "old"])
    counts = {"tickets": 3, "customers": 2, "recent_tickets": 1, "arr_cents": 10**11}
    db.add(BugScore(bug_id=bug.id, score=12.5, first_report=make.DAWN, **counts))
    db.commit()
    return bug


def test_a_row_has_the_values_and_types_that_sqlalchemy_gives(db, bug):
    there = tuple(db.connection().execute(COLUMNS, {"bug": bug.id}).one())
    here = Prepared(COLUMNS).first(db, bug=bug.id)
    assert here == there
    assert [type(value) for value in here] == [type(value) for value in there]


def test_no_row_is_none(db, bug):
    assert Prepared(COLUMNS).first(db, bug=bug.id + 1) is None


def test_a_change_returns_what_it_wrote_and_only_where_its_condition_holds(db, bug):
    taking = Prepared(TAKEN)
    given = {"bug": bug.id, "new_state": ItemState.claimed, "new_at": make.DAWN}
    assert taking.first(db, **given) == (ItemState.claimed, make.DAWN)
    assert taking.first(db, **given) is None
    db.rollback()
    assert db.scalars(select(SprintItem.state)).one() == ItemState.open


def test_what_is_inserted_reads_as_it_was_given(db):
    said = {"at": make.DAWN, "actor": "Ana", "verb": "claimed", "detail": "a“b", "bugs": [3, 4]}
    rest = {"salt": "", "digest": "", "seal": "", "erased": False, "undo": {"by": 1}}
    Prepared(insert(Activity).inline(), [*said, *rest]).first(db, **said, **rest)
    note = db.scalars(select(Activity)).one()
    assert note.model_dump(include={*said, *rest}) == said | rest


def test_a_statement_that_the_database_refuses_fails_as_everywhere_else(db):
    kind = OperationalError if db.connection().dialect.name == "sqlite" else ProgrammingError
    with pytest.raises(kind, match="nowhere"):
        Prepared(select(literal_column("1")).select_from(table("nowhere"))).first(db)


def test_a_connection_that_was_cut_is_away_and_the_next_session_works(postgres_url):
    engine = open_engine(postgres_url)
    with pytest.raises(OperationalError) as caught, Session(engine) as db:
        Prepared(select(func.pg_terminate_backend(func.pg_backend_pid()))).first(db)
    assert trouble(caught.value)[0] == "away"
    with Session(engine) as db:
        assert Prepared(select(literal_column("1"))).first(db) == (1,)
    engine.dispose()


def test_a_value_without_a_place_is_not_dropped_unseen(db, bug):
    with pytest.raises(KeyError, match="no place for \\['bag'\\]"):
        Prepared(COLUMNS).first(db, bug=bug.id, bag=1)


def test_lists_of_values_are_refused_at_once(db):
    several = select(SprintItem.id).where(SprintItem.id.in_(bindparam("ids", expanding=True)))
    with pytest.raises(AssertionError):
        Prepared(several).first(db, ids=[1, 2])
