"""How the command speaks: results on standard output, everything else on standard error."""

import sys

from sqlalchemy.exc import DBAPIError, OperationalError

from app.core.errors import AppError
from app.core.sentences import counted as plural
from app.db.engine import trouble
from integrations.errors import SourceError

__all__ = ["asked_on_terminal", "note", "on_terminal", "one_line", "plural", "say", "sentence"]


def say(line: str = "") -> None:
    """Print one line of the result at once, also into a pipe."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def note(line: str) -> None:
    """Print one line beside the result."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def on_terminal() -> bool:
    """Say whether a person looks at the output."""
    return sys.stdout.isatty()


def asked_on_terminal() -> bool:
    """Say whether a person can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def sentence(error: Exception) -> str | None:
    """Return what to say of an error that is the user's to mend; None for our own defects."""
    match error:
        case AppError() | SourceError():
            return one_line(str(error))
        case OperationalError() if (passing := trouble(error)) and passing[0] != "away":
            return passing[1]
        case DBAPIError():
            why = one_line(str(error.orig)).rstrip(".")
            return f"The database cannot be used: {why}; check BUGSPRINT_DATABASE_URL."
        case OSError() if error.strerror:
            place = f" {error.filename}" if error.filename else ""
            return f"This did not work{place and ' with'}{place}: {error.strerror}."
    return None


def one_line(text: str) -> str:
    """Put a text of several lines into one."""
    return " ".join(text.split())
