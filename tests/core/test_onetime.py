"""One-time codes are those of the papers."""

from datetime import UTC, datetime, timedelta

import pytest

from app.core import onetime

SECRET = b"12345678901234567890"
AT = datetime(2026, 1, 7, 9, 0, 10, tzinfo=UTC)
ADDRESS = (
    "otpauth://totp/Bugsprint:ana%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    "&issuer=Bugsprint"
)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_codes_are_the_last_six_digits_of_those_in_rfc_6238(seconds, said):
    assert onetime.code(SECRET, seconds // 30) == said


def test_a_code_counts_in_its_step_and_the_two_beside_it_and_in_no_step_that_was_used():
    step = onetime.step_at(AT)
    for late, counts in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        given = onetime.code(SECRET, step + late)
        found = onetime.matching(SECRET, given, AT, after=0)
        assert found == (step + late if counts else None), late
    given = onetime.code(SECRET, step)
    assert onetime.matching(SECRET, given, AT, after=step) is None
    assert onetime.matching(SECRET, given, AT + timedelta(seconds=30), after=step - 1) == step
    for wrong in ("", "12345", "１２３４５６", given + "0", "x" * 60):
        assert onetime.matching(SECRET, wrong, AT, after=0) is None


def test_a_secret_is_read_as_it_was_written():
    for length in (1, 10, 19, 20):
        secret = bytes(range(length))
        assert onetime.read(onetime.written(secret)) == secret
    assert onetime.address(onetime.written(SECRET), "ana@example.com", "Bugsprint") == ADDRESS
