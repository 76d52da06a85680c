"""Bugs named in text, tags and fields; money and days in fields."""

from datetime import date

import pytest

from integrations.contract import Reference
from integrations.zendesk.fields import cents, day, word
from integrations.zendesk.references import LONGEST_TAG, MOST, _in_tag, in_tags, in_text, kept


@pytest.mark.parametrize(
    "text, refs",
    [
        ("see ABC-123 and XY_2-7.", ["ABC-123", "XY_2-7"]),
        ("fixed in owner/repo#12, o.x/r-1#3!", ["owner/repo#12", "o.x/r-1#3"]),
        ("bug 123456, Bug #77; BUG: 88 (bug no. 99)", ["bug 123456", "bug 77", "bug 99", "bug 88"]),
        ("Bugzilla 1606681", ["bug 1606681"]),
        ("debug 12 abc-1 xABC-1 A-1 ABC-12x ABC-1-2 #9 /repo#1 bug 1", []),
        ("order 2026-11-02, call 555-1234", []),
        ("", []),
    ],
)
def test_keys_in_prose_are_found(text, refs):
    assert in_text(text) == [Reference(ref, "text") for ref in refs]


@pytest.mark.parametrize(
    "text, refs",
    [
        (
            "see https://bugs.example/show_bug.cgi?id=12.",
            ["https://bugs.example/show_bug.cgi?id=12"],
        ),
        ("(http://x.example/issues/3)", ["http://x.example/issues/3"]),
        ('<a href="https://x.example/ABC-1">', ["https://x.example/ABC-1"]),
        ("our site https://www.example.com/help", []),
    ],
)
def test_addresses_with_a_number_are_found_and_not_read_again_as_prose(text, refs):
    assert in_text(text) == [Reference(ref, "url") for ref in refs]


def test_tags_with_a_digit_and_a_joint_look_like_bugs():
    tags = ["bug-12", "proj_7", "o/r#3", "urgent", "v2", "sla-gold"]
    assert [found.ref for found in in_tags(tags)] == ["bug-12", "proj_7", "o/r#3"]


def test_references_are_kept_once_and_not_without_end():
    many = [Reference(f"bug {n % 80 + 10}", "text") for n in range(500)]
    assert kept(many) == tuple(many[:MOST])


def test_hostile_text_is_read_in_linear_time():
    for piece in ("ABC-1 ", "a/" * 5, "bug ", "https://", "A_", "#1", "-1", "x.y/z-"):
        in_text(piece * 20_000)


@pytest.mark.parametrize(
    "value, amount",
    [
        (12000, 1200000),
        (12000.5, 1200050),
        ("12,000.50", 1200050),
        ("12.000,50 €", 1200050),
        ("$12k", 1200000),
        ("EUR 1.5m", 150000000),
        ("12,000", 1200000),
        ("12.000.000", 1200000000),
        ("12 000", 1200000),
        ("0", 0),
        ("-3", None),
        ("Q3 2026: 500", None),
        ("none", None),
        ("", None),
        (None, None),
        (True, None),
        (float("nan"), None),
        (float("inf"), None),
        (1e300, None),
        ([5], None),
    ],
)
def test_amounts_are_read_as_cents_or_not_at_all(value, amount):
    assert cents(value) == amount


def test_days_and_words_are_read_or_left_out():
    assert day("2027-01-31T00:00:00+00:00") == date(2027, 1, 31)
    assert [day(odd) for odd in ("2027-02-31", "soon", None, 5)] == [None] * 4
    assert [word(odd) for odd in (" pro ", 5, "", None, False, ["x"])] == ["pro", "5"] + [None] * 4


def test_an_endless_tag_names_nothing_and_is_not_remembered():
    in_tags(["acme/app#1"])
    before = _in_tag.cache_info().currsize
    assert in_tags(["bug_1" * LONGEST_TAG]) == []
    assert _in_tag.cache_info().currsize == before
