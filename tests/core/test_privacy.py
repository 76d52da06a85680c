import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.privacy import masked


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("write to ann.lee+x@mail.example.com now", "write to [email] now"),
        ("call +49 30 1234567 today", "call [phone] today"),
        ("call (030) 123 45678 today", "call [phone] today"),
        ("card 4111 1111 1111 1111 was refused", "card [card] was refused"),
        ("key ghp_abcdefghijklmnopqrstuvwx leaked", "key [token] leaked"),
        ("Bearer abcdef.ghijkl-mnopqr leaked", "[token] leaked"),
        ("ruf ١٢٣ +49 30 1234567 an", "ruf ١٢٣ [phone] an"),
    ],
)
def test_what_points_at_a_person_or_opens_a_door_is_masked(said, kept):
    assert masked(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "bug 1606681 since 2026-11-21, order 12.11.2026",
        "https://bugs.example.com/acme/app/issues/1234567",
        "4111 1111 1111 1112 is no card",
        "sk-short and eyJ are nothing",
        "version 2.53.10 build 20240123",
    ],
)
def test_bug_numbers_dates_and_versions_stay(said):
    assert masked(said) == said


@given(st.text(alphabet="ab @.+-_()/0123456789eyJ", max_size=60))
def test_masking_twice_changes_nothing_more(said):
    assert masked(masked(said)) == masked(said)
