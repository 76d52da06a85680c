"""How every line of the server's log looks: when in UTC, how grave, who says it, what.

What does not begin with an instant belongs to the line before: whatever an error's text says, it
begins no line of its own.
"""

import logging
import sys
import time


class Lines(logging.Formatter):
    """Stamps each line with its instant in UTC, as 2026-11-30T09:00:00.000Z."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        self.converter = time.gmtime
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Write a record; further lines of it are set in."""
        return "\n\t".join(super().format(record).splitlines())


def begin(level: str) -> None:
    """Write the log to standard error from now on, whatever is at least as grave as this."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(level=level.upper(), handlers=[handler])
