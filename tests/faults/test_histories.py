"""The checker itself: it finds what is wrong, and allows what may happen."""

import pytest

from tests.faults.histories import NEVER, Op, linearizable


@pytest.mark.parametrize(
    "history",
    [
        [],
        [Op(0, 1, "claim", "a", True), Op(0.5, 2, "claim", "b", False)],
        [Op(0, 3, "claim", "a", True), Op(1, 2, "read", "b", (None, 1))],
        [
            Op(0, 1, "claim", "a", True),
            Op(2, 3, "release", "b", True),
            Op(4, 5, "claim", "b", True),
        ],
        # The answer was lost: done late, done at once, or never.
        [Op(0, NEVER, "claim", "a", None), Op(1, 2, "read", "b", (None, 1))],
        [Op(0, NEVER, "claim", "a", None), Op(3, 4, "read", "b", ("a", 2))],
        [
            Op(0, NEVER, "claim", "a", None),
            Op(1, 2, "read", "b", (None, 1)),
            Op(3, 4, "claim", "b", False),
        ],
    ],
)
def test_what_fits_an_order_is_allowed(history):
    assert linearizable(history)


@pytest.mark.parametrize(
    "history",
    [
        [Op(0, 1, "claim", "a", True), Op(0.5, 2, "claim", "b", True)],
        [Op(0, 1, "claim", "a", False)],
        [Op(0, 1, "release", "a", True)],
        [Op(0, 1, "claim", "a", True), Op(2, 3, "read", "b", (None, 1))],
        [Op(0, 1, "claim", "a", True), Op(2, 3, "read", "b", ("b", 2))],
        [Op(0, 1, "claim", "a", True), Op(2, 3, "read", "b", ("a", 3))],
        # Seen as done, and later as not done.
        [
            Op(0, NEVER, "claim", "a", None),
            Op(1, 2, "read", "b", ("a", 2)),
            Op(3, 4, "read", "c", (None, 1)),
        ],
    ],
)
def test_what_fits_no_order_is_found(history):
    assert not linearizable(history)
