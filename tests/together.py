"""Which tests share a process, one after the other, when several run at once."""

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

BROWSER = "tests/browser/"
ARENA = "tests/faults/arena/"
"""Its tests share two servers over one database of either kind."""


class CostlyTestsTogether(LoadScopeScheduling):  # type: ignore[misc]
    """Each test goes to whoever is free, but for those that share what is costly to start."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(BROWSER):
            return BROWSER
        if nodeid.startswith(ARENA):
            return f"{ARENA} {nodeid.partition('[')[2]}"
        return nodeid
