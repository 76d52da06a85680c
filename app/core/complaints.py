"""Why a value was refused, in words.  The kinds of refusal, and what is told of them, are
pydantic's: https://docs.pydantic.dev/latest/errors/validation_errors/
"""

from collections.abc import Mapping

WHOLE = {
    "missing": "it is missing",
    "extra_forbidden": "there is no such name",
    "json_invalid": "it cannot be read as JSON",
    "enum": "it has to be {expected}",
    "literal_error": "it has to be {expected}",
    "greater_than": "it has to be more than {gt}",
    "greater_than_equal": "it has to be at least {ge}",
    "less_than": "it has to be less than {lt}",
    "less_than_equal": "it may be at most {le}",
    "string_too_long": "it may not be longer than {max_length} characters",
    "string_too_short": "it has to be at least {min_length} long",
    "too_long": "it may not hold more than {max_length}",
    "too_short": "it has to hold at least {min_length}",
    "int_parsing_size": "it is too large a number",
    "finite_number": "it has to be a finite number",
}
BY_FIRST_WORD = {
    "int": "it has to be a whole number",
    "float": "it has to be a number",
    "bool": "it has to be true or false",
    "date": "it has to be a day such as 2026-11-30",
    "datetime": "it has to be a time such as 2026-11-30T08:00:00Z",
    "timezone": "it has to be a time with its zone, such as 2026-11-30T08:00:00Z",
    "string": "it has to be text",
    "list": "it has to be a list",
    "dict": "it has to hold names with values",
    "model": "it has to hold names with values",
}


def complaint(kind: str, told: Mapping[str, object], message: str) -> str:
    """Return half a sentence without a full stop; for a kind not known here, pydantic's own."""
    words = WHOLE.get(kind) or BY_FIRST_WORD.get(kind.partition("_")[0])
    if words is None or kind == "string_pattern_mismatch":
        return message.removeprefix("Value error, ").rstrip(".")
    return words.format_map(told)
