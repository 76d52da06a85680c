"""What is in a cell is read as it was meant, or asked about; never guessed."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.file import cells


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("12000", 1_200_000),
        ("12,000.50", 1_200_050),
        ("12.000,50", 1_200_050),
        ("1.234.567,8", 123_456_780),
        ("1,234,567", 123_456_700),
        ("12,50", 1_250),
        ("$12,000.50", 1_200_050),
        ("EUR 9 000", 900_000),
        ("9000 €", 900_000),
        ("0.125", 13),
        ("-5", -500),
        (12000.5, 1_200_050),
        (12.125, 1_213),
        ("", None),
        (None, None),
    ],
)
def test_money_is_read_as_cents(written, cents):
    assert cells.cents(written) == cents


@pytest.mark.parametrize("written", ["abc", "1,2,3", "12k", "nan", "inf", "1e9", "--5", True, [1]])
def test_what_is_no_number_is_refused(written):
    with pytest.raises(ValueError, match="not"):
        cells.cents(written)


def test_an_amount_with_two_readings_is_asked_about():
    with pytest.raises(ValueError, match=r"“12.000” may be 12000 or 12.00; write one"):
        cells.cents("12.000")


def test_an_amount_no_database_holds_is_refused():
    with pytest.raises(ValueError, match="too large"):
        cells.cents("9" * 30)


@given(st.integers(-(10**12), 10**12))
def test_cents_written_with_groups_come_back(amount):
    sign = "-" if amount < 0 else ""
    assert cells.cents(f"{sign}{abs(amount) // 100:,}.{abs(amount) % 100:02}") == amount


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T10:00:00Z", datetime(2026, 11, 1, 10, tzinfo=UTC)),
        ("2017-01-30T18:30:41.962+0100", datetime(2017, 1, 30, 17, 30, 41, 962000, UTC)),
        ("2017-09-15 16:50:55 UTC", datetime(2017, 9, 15, 16, 50, 55, tzinfo=UTC)),
        ("1970-01-01", None),
        ("0001-01-01T00:00:00", None),
        ("", None),
    ],
)
def test_times_are_utc_and_zeros_are_none(written, read):
    assert cells.moment(written) == read


@pytest.mark.parametrize(
    "written", ["01/02/2026", "soon", "0001-01-01T00:00:00+05:00", "2026-13-01"]
)
def test_what_is_no_date_is_refused(written):
    with pytest.raises(ValueError, match="is not a date like"):
        cells.moment(written)


def test_a_day_is_the_date_of_its_moment():
    assert cells.day("2027-03-01") == date(2027, 3, 1)


def test_words_are_cut_trimmed_and_kept_once():
    assert cells.words(" a, b;a |c\nd ,") == ("a", "b", "c", "d")
    assert cells.words(["a, b", "", 3]) == ("a, b", "3")
