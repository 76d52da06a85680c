"""The words and the mark of a message, and the caps that hold it back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Invalid
from app.core.outgoing import (
    PER_WINDOW,
    REASONS,
    WORDS,
    Caps,
    Due,
    Facts,
    check_words,
    letter,
    mark,
    share,
    why_not,
)

GOOD = Facts(**dict.fromkeys(Facts.__dataclass_fields__, True))
dues = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(1, 12)), st.booleans(), st.booleans()),
    max_size=200,
).map(lambda rows: [Due(n, *row) for n, row in enumerate(rows)])


def test_the_mark_is_the_last_line_and_the_same_for_the_same_message():
    one = mark("told", "tracker", "7", "Acme", "release 12")
    assert letter(WORDS, number="41", marker=one).splitlines()[-1] == f"Reference {one}"
    assert one == mark("told", "tracker", "7", "Acme", "release 12")
    assert one != mark("told", "tracker", "7", "Acme", "release 13")
    assert one != mark("told", "tracker", "7Acme", "", "release 12")


def test_the_default_words_ask_whether_it_is_still_broken():
    text = letter(check_words(WORDS), number="41", marker="BSP-X")
    assert "Still broken?" in text
    assert "#41" in text
    assert "{" not in text


@pytest.mark.parametrize("words", ["", "  \n", "x" * 4_001, "Hi\nReference BSP-AAAA"])
def test_words_that_cannot_be_sent_are_refused(words):
    with pytest.raises(Invalid):
        check_words(words)


def test_each_condition_alone_stops_a_message():
    assert why_not(GOOD) is None
    for name, why in REASONS:
        assert why_not(replace(GOOD, **{name: False})) == why


@given(dues, st.integers(0, 60), st.sets(st.integers(1, 12)))
def test_without_a_second_approval_the_caps_are_never_passed(due, sent, told):
    said = share(due, Caps(sent, set(told)))
    single = [each for each in due if said[each.id] is None and each.capped and not each.seconded]
    assert len(single) <= max(0, PER_WINDOW - sent)
    named = [each.customer_id for each in single if each.customer_id is not None]
    assert len(named) == len(set(named))
    assert not set(named) & told


@given(dues, st.integers(0, 60), st.sets(st.integers(1, 12)))
def test_with_a_second_approval_nothing_is_held(due, sent, told):
    said = share(due, Caps(sent, set(told)))
    assert [each.id for each in due if each.seconded and said[each.id] is not None] == []
