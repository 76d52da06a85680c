"""What the database finds for a filter is what plain Python finds, in its order, page by page."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.filter_fields import FIELDS, MEASURED
from app.core.filter_terms import Query, Vocabulary
from app.core.filters import NONE, names_of, parse, written_query
from app.db.queries.filter_names import names_for
from app.db.queries.filtering import (
    Order,
    Reader,
    conditions_of,
    count_lines,
    count_without,
    filtered_lines,
    meaning,
)
from tests.core.filter_texts import EVERYTHING
from tests.db.filter_answers import Answers
from tests.db.filter_world import TODAY, WORDS, board
from tests.sizes import size

AMOUNTS = {
    "importance": ["1", "2", "critical", "none"],
    "rank": ["4", "9", "none"],
    "score": ["0", "10", "11", "12.5", "50", "99.5", "100", "110"],
    "tickets": ["0", "1", "3"],
    "customers": ["0", "1", "2.5"],
}
AGES = ["0d", "1d", "2d", "7d", "12d", "2026-01-05", "2026-01-12", "2026-01-14"]
THOROUGH = settings(
    max_examples=size(35, 3_000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def asked(db):
    """A board, and how somebody asks about it: a text, whether they read tickets, coarse scores."""
    sprint_id = board(db)
    names = names_for(db, sprint_id, [f for f in FIELDS if f in EVERYTHING])
    known = Vocabulary(EVERYTHING, names)
    answers = {}

    def ask(text, *, limit=None, wide=False):
        reader = Reader("Bo", 1, TODAY, text=wide, coarse=wide)
        if wide not in answers:
            answers[wide] = Answers(db, sprint_id, reader)
        query = parse(text, known)
        conditions = conditions_of(query, meaning(db, sprint_id, reader))
        return query, conditions, reader, answers[wide]

    ask.known, ask.sprint, ask.db = known, sprint_id, db
    return ask


def pages_of(ask, text, *, wide, limit):
    """Walk a list from its first page to its last."""
    query, conditions, reader, answers = ask(text, wide=wide)
    found, last = [], None
    while True:
        order = Order(query.sort, reader.today)
        assert last is None or order.begin_behind(ask.db, ask.sprint, last)
        page, left = filtered_lines(ask.db, ask.sprint, conditions, order=order, limit=limit)
        found += [line.item_id for line in page]
        assert left >= len(page)
        if last is None:
            assert left == count_lines(ask.db, ask.sprint, conditions)[1]
        if not page or limit is None:
            return found, answers.ids(query), query, conditions
        last = page[-1].item_id


def a_term(known):
    """Terms that this board can tell something of."""

    def named(field):
        values = st.sampled_from(sorted({*names_of(field, known).values(), NONE}))
        spoken = st.lists(values, min_size=1, max_size=2).map(
            lambda some: ",".join(
                '"' + v.replace("\\", "\\\\").replace('"', '\\"') + '"' for v in some
            )
        )
        return spoken.map(lambda value: f"{field}:{value}")

    def measured(field):
        amounts = st.sampled_from(AMOUNTS.get(field, AGES))
        ranges = st.builds("{}..{}".format, amounts, amounts)
        beyond = st.builds("{}{}".format, st.sampled_from([">", "<", ">=", "<="]), amounts)
        listed = st.lists(amounts | ranges, min_size=1, max_size=2).map(",".join)
        return (beyond | listed.map(":{}".format)).map(lambda said: f"{field}{said}")

    fields = [measured(f) if f in MEASURED else named(f) for f in FIELDS]
    words = st.sampled_from([*WORDS[:4], "%", "_", "secret", "#1", "gr"])
    return st.builds("{}{}".format, st.sampled_from(["", "-"]), st.one_of(*fields, words))


def a_text(known):
    sort = st.builds("{}sort:{}".format, st.sampled_from(["", "-"]), st.sampled_from(MEASURED))
    return st.builds(
        lambda terms, last: " ".join([*terms, *last]),
        st.lists(a_term(known), max_size=3),
        st.lists(sort, max_size=1),
    )


def test_the_database_finds_what_python_finds_in_the_same_order_and_on_pages(asked):
    found_some = set()

    @THOROUGH
    @given(st.data(), st.booleans(), st.sampled_from([None, None, 5]))
    def agree(data, wide, limit):
        text = data.draw(a_text(asked.known))
        found, wanted, query, conditions = pages_of(asked, text, wide=wide, limit=limit)
        assert found == wanted, written_query(query)
        total, matching = count_lines(asked.db, asked.sprint, conditions)
        assert (total, matching) == (24, len(wanted))
        found_some.add(bool(wanted))

    agree()
    for text in ("", "state:open -state:open"):
        found, wanted, _, _ = pages_of(asked, text, wide=False, limit=5)
        assert found == wanted
        found_some.add(bool(wanted))
    assert found_some == {True, False}
    for text in (f"{way}sort:{field}" for field in MEASURED for way in ("", "-")):
        found, wanted, _, _ = pages_of(asked, text, wide=False, limit=11)
        assert found == wanted, text
        assert len(set(found)) == 24, "A line was left out or came twice."


def test_names_are_found_and_what_each_term_leaves_out_is_counted(asked):
    query, conditions, _, answers = asked("state:open,claimed team:core -mail score>20")
    rests = [Query(tuple(t for t in query.terms if t != gone)) for gone in query.terms]
    less = [
        (len(answers.ids(rest)), len(answers.ids(Query((alone,)))))
        for rest, alone in zip(rests, query.terms, strict=True)
    ]
    assert count_without(asked.db, asked.sprint, conditions) == less
    for field in ("team", "area", "customer", "tier", "source", "label", "owner", "sprint"):
        names = names_for(asked.db, asked.sprint, [field])[field]
        assert names, field
        for spoken in names:
            written = '"' + spoken.replace("\\", "\\\\").replace('"', '\\"') + '"'
            agree_on(asked, f"{field}:{written}")
            agree_on(asked, f"-{field}:{written}")
        agree_on(asked, f"-{field}:none" if FIELDS[field].none else "-state:open")
    for field in MEASURED:
        for said in ("-{}>1{}", "{}:0{}", "{}>=0{}", "{}<2{}", "{}<=1{}", "-{}:0{}..1{}"):
            agree_on(asked, said.format(field, *["" if field in AMOUNTS else "d"] * 2))


def agree_on(ask, text):
    query, conditions, _, answers = ask(text)
    assert query.problems == ()
    found, _ = filtered_lines(
        ask.db, ask.sprint, conditions, order=Order(query.sort, TODAY), limit=None
    )
    assert [line.item_id for line in found] == answers.ids(query), text
