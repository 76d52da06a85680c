"""Which tests share a process when several run at once."""

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

BROWSER = "tests/browser/"


class BrowserTestsTogether(LoadScopeScheduling):  # type: ignore[misc]
    """Each test goes to whoever is free; those of the browser share what is costly to start."""

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else nodeid
