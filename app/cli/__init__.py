"""The `bugsprint` command: reads the environment, calls actions and views, prints plain lines."""

from collections.abc import Sequence

from app.cli.loading import load


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns 0 done, 1 refused or failed, 2 wrong usage."""
    code: int = load("app.cli.program").main(arguments)
    return code
