"""Which tests share a process, one after the other, when several run at once."""

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

BROWSER = "tests/browser/"
ARENAS = {"tests/faults/test_claims_at_once.py", "tests/faults/test_open_pages.py"}
"""Their tests share two servers over one database of either kind."""


class CostlyTestsTogether(LoadScopeScheduling):  # type: ignore[misc]
    """Each test goes to whoever is free, but for those that share what is costly to start."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(BROWSER):
            return BROWSER
        file, _, name = nodeid.partition("::")
        return f"{file} {name.partition('[')[2]}" if file in ARENAS else nodeid
