"""What a program may write: the description of the API says of each text what is refused."""

from typing import Any

from pydantic.config import JsonDict

from app.core.complaints import complaint

LINE = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
"""One line that says something: no control letters, and not white space alone."""
NO_NUL = r"^[^\x00]*$"
"""Whatever both databases can look for."""
FILTER: JsonDict = {"format": "bugsprint-filter"}
"""The language of filters, which no pattern can say: docs/api.md does."""
IN_WORDS = {
    LINE: "it has to be one line that is not empty",
    NO_NUL: "it has a character that cannot be looked for",
}


def in_words(error: dict[str, Any]) -> str:
    """Say in words why a value was refused."""
    told = error.get("ctx", {})
    return IN_WORDS.get(told.get("pattern")) or complaint(error["type"], told, error["msg"])
