"""The `bugsprint` command: reads the environment, calls actions and views, prints plain lines."""

from app.cli.program import main

__all__ = ["main"]
