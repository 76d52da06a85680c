"""How much the long tests do: a little in every run, all of it with `make nightly`."""

import os

NIGHTLY = os.environ.get("BUGSPRINT_TEST_SIZE") == "nightly"


def size(usual: int, nightly: int) -> int:
    """Return how many of something this run does."""
    return nightly if NIGHTLY else usual
