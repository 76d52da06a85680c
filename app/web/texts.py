"""What a program may write: the description of the API says of each text what is refused."""

from pydantic.config import JsonDict

LINE = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
"""One line that says something: no control letters, and not white space alone."""
NO_NUL = r"^[^\x00]*$"
"""Whatever both databases can look for."""
FILTER: JsonDict = {"format": "bugsprint-filter"}
"""The language of filters, which no pattern can say: docs/api.md does."""
PATTERNS = {
    LINE: "it has to be one line that is not empty",
    NO_NUL: "it has a character that cannot be looked for",
}
