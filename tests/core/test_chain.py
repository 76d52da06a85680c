"""The chain of notes says when one was changed, added or taken away."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.core import chain

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def notes(count=5):
    made, head = [], ""
    for number in range(1, count + 1):
        row = {
            "id": number,
            "at": AT + timedelta(minutes=number),
            "actor": "Ana",
            "verb": "claimed",
            "bug_id": number,
            "bugs": [],
            "detail": "Payments",
            "salt": f"salt {number}",
            "erased": False,
        }
        row["digest"] = chain.digest(row, row["salt"])
        head = row["seal"] = chain.seal(head, row["digest"])
        made.append(row)
    return made


def test_an_untouched_chain_holds():
    found = chain.verify(notes())
    assert (found.notes, found.erased, found.broken_at) == (5, 0, None)
    assert found.head == notes()[-1]["seal"]


@pytest.mark.parametrize(
    "name, value",
    [("actor", "Bo"), ("detail", ""), ("bug_id", 9), ("at", AT), ("bugs", [1]), ("salt", "x")],
)
def test_a_changed_word_is_found_where_it_was_changed(name, value):
    changed = notes()
    changed[2][name] = value
    assert chain.verify(changed).broken_at == 3


def test_a_note_that_is_gone_is_found_at_the_next_one():
    kept = notes()
    del kept[2]
    assert chain.verify(kept).broken_at == 4


def test_notes_in_another_order_do_not_hold():
    swapped = notes()
    swapped[1], swapped[2] = swapped[2], swapped[1]
    assert chain.verify(swapped).broken_at == 3


def test_a_rewritten_note_with_its_own_digest_breaks_the_seals():
    forged = notes()
    forged[2]["actor"] = "Bo"
    forged[2]["digest"] = chain.digest(forged[2], forged[2]["salt"])
    assert chain.verify(forged).broken_at == 3


def test_an_erased_note_keeps_the_chain_whole_and_is_counted():
    erased = notes()
    erased[2] |= {"actor": "[erased]", "detail": "", "salt": "", "erased": True}
    found = chain.verify(erased)
    assert (found.broken_at, found.erased) == (None, 1)


def test_a_pruned_chain_holds_from_the_seal_before_it():
    kept = notes()
    assert chain.verify(kept[2:], start=kept[1]["seal"]).broken_at is None
    assert chain.verify(kept[2:]).broken_at == 3


def test_a_digest_does_not_depend_on_the_time_zone():

    row = notes(1)[0]
    elsewhere = row | {"at": row["at"].astimezone(timezone(timedelta(hours=5)))}
    assert chain.digest(elsewhere, "s") == chain.digest(row, "s")
