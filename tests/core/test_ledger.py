"""One entry for each affected customer, whatever happened to the messages."""

from hypothesis import given
from hypothesis import strategies as st

from app.core.ledger import TOLD, WORDS, Standing, all_told, ledger, tally
from app.core.vocabulary import OutgoingState

customers = st.lists(st.integers(1, 40), max_size=30)
messages = st.dictionaries(
    st.integers(1, 40), st.tuples(st.sampled_from(OutgoingState), st.booleans()), max_size=40
)


@given(customers, messages, st.booleans())
def test_the_states_sum_to_the_affected_customers_at_every_instant(who, sent, released):
    entries = ledger(who, sent, released=released)
    assert sum(tally(entries).values()) == len(set(who)) == len(entries)


@given(customers, messages, st.booleans())
def test_nobody_counts_as_told_without_a_message_that_went_out(who, sent, released):
    for customer, standing in ledger(who, sent, released=released).items():
        gone = customer in sent and sent[customer][0] in {
            OutgoingState.sent,
            OutgoingState.elsewhere,
        }
        assert (standing in TOLD) == (gone and released)


@given(customers, messages)
def test_before_the_release_everybody_waits(who, sent):
    assert set(ledger(who, sent, released=False).values()) <= {Standing.waiting}


@given(customers, messages)
def test_all_are_told_only_when_each_one_is(who, sent):
    entries = ledger(who, sent, released=True)
    assert all_told(entries) == (bool(entries) and all(s in TOLD for s in entries.values()))


def test_every_state_of_a_message_has_a_standing_and_every_standing_words():
    for state in OutgoingState:
        assert ledger([1], {1: (state, True)}, released=True)[1] in WORDS
    assert WORDS.keys() == set(Standing)


def test_a_draft_without_a_ticket_has_to_be_told_another_way():
    found = ledger([1, 2], {1: (OutgoingState.draft, False)}, released=True)
    assert found == {1: Standing.otherwise, 2: Standing.unwritten}
