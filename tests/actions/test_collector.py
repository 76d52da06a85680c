"""The interpreter goes back to its usual ways after the last of several readings."""

import gc
from contextlib import ExitStack

from app.actions.collector import ManyRows


def test_readings_that_overlap_leave_everything_as_it_was_before_the_first():
    usual, shared = gc.get_threshold(), ManyRows()
    with ExitStack() as first, ExitStack() as second:
        first.enter_context(shared.run())
        during = gc.get_threshold()
        second.enter_context(shared.run())
        first.close()
        assert gc.get_threshold() == during != usual
    assert gc.get_threshold() == usual
