"""One-time codes are those of the papers, and the picture of their secret can be read."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from app.core import onetime, qr

SECRET = b"12345678901234567890"
AT = datetime(2026, 1, 7, 9, 0, 10, tzinfo=UTC)
ADDRESS = (
    "otpauth://totp/Bugsprint:ana%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    "&issuer=Bugsprint"
)
DRAWN = "89558593fb3f5b2c561be21c4c9b42faef242fcd24b714205a1f4af6f950ca90"


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


def test_the_picture_is_the_one_that_another_program_drew():
    rows = qr.squares("x" * qr.LONGEST)  # so long that nothing is left to fill up
    drawn = "".join("#" if dark else "." for row in rows for dark in row)
    assert sha256(drawn.encode()).hexdigest() == DRAWN


def test_a_picture_says_its_text_again():
    for text in (ADDRESS, "a", "ü" * 115):
        assert _read(qr.squares(text)) == text
    with pytest.raises(ValueError, match="too long"):
        qr.squares("x" * (qr.LONGEST + 1))


def _read(board):
    """Read a picture as a phone does, but for mending what is spoilt."""
    free = [[None] * qr.SIZE for _ in range(qr.SIZE)]
    qr._frame(free)
    qr._guards(free)
    bits, up = [], True
    for right in (*range(qr.SIZE - 1, 6, -2), 5, 3, 1):
        for y in range(qr.SIZE - 1, -1, -1) if up else range(qr.SIZE):
            bits += [
                board[y][x] ^ ((y + x) % 2 == 0) for x in (right, right - 1) if free[y][x] is None
            ]
        up = not up
    words = [int("".join(str(int(b)) for b in bits[at : at + 8]), 2) for at in range(0, 1856, 8)]
    data = words[0::2] + words[1::2]
    assert data[0] >> 4 == 4
    length = (data[0] & 15) << 4 | data[1] >> 4
    said = [(data[at] & 15) << 4 | data[at + 1] >> 4 for at in range(1, length + 1)]
    return bytes(said).decode()
