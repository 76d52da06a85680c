"""What may be a password."""

import hashlib

import pytest

from app.actions.passwords import COMMON, fits, sealed
from app.core.errors import Invalid

ANA = "ana.lopez@example.com"
TAKEN_IN = "11c64f412a67706119cfa3a8004d4c69304617873f77c8613cd9e43c90562cb6"


def test_the_list_of_common_passwords_is_the_one_that_was_taken_in():
    assert hashlib.sha256(COMMON.read_bytes()).hexdigest() == TAKEN_IN
    words = COMMON.read_text().split()
    assert len(words) == len(set(words)) == 3_000
    assert min(map(len, words)) == 8


@pytest.mark.parametrize("length", [8, 64, 1024])
def test_a_long_password_counts_to_its_last_letter(length):
    password = "né " * 400
    password = password[: length - 1] + "x"
    stored = sealed(password, email=ANA)
    assert stored.startswith("$argon2id$")
    assert fits(password, stored)
    assert not fits(password[:-1] + "y", stored)
    assert not fits(password[:-1], stored)


@pytest.mark.parametrize("password", ["short 7", "", "x" * 1025])
def test_a_password_that_is_too_short_or_too_long_is_refused(password):
    with pytest.raises(Invalid, match="at least 8 characters"):
        sealed(password, email=ANA)


@pytest.mark.parametrize("password", ["password", "12345678", "PassWord", "iloveyou", "greyhoun"])
def test_a_common_password_is_refused_however_it_is_written(password):
    with pytest.raises(Invalid, match="guessed first"):
        sealed(password, email=ANA)


@pytest.mark.parametrize("password", ["ana.lopez1!", "ana.lopez@example.com", "Bugsprint2026"])
def test_ones_own_address_and_our_name_are_no_passwords(password):
    with pytest.raises(Invalid, match="address or the name"):
        sealed(password, email=ANA)


def test_there_are_no_rules_of_composition():
    for password in ("all in small letters", "8473920184739", "ÄÖÜ ßéñ 漢字"):
        assert fits(password, sealed(password, email=ANA))


def test_nobodys_password_fits_nothing():
    assert not fits("", None)
    assert not fits("anything", None)
