"""The interpreter goes back to its usual ways after the last of several readings."""

import gc
import sys
from contextlib import ExitStack

from app.actions.collector import ManyRows


def ways():
    return gc.get_threshold(), sys.getswitchinterval()


def test_readings_that_overlap_leave_everything_as_it_was_before_the_first():
    usual, shared = ways(), ManyRows()
    with ExitStack() as first, ExitStack() as second:
        first.enter_context(shared.run())
        during = ways()
        second.enter_context(shared.run())
        first.close()
        assert ways() == during != usual
    assert ways() == usual
