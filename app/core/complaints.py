"""Why a value was refused, in words.  The kinds of refusal, and what is told of them, are
pydantic's: https://docs.pydantic.dev/latest/errors/validation_errors/
"""

from collections.abc import Mapping
from typing import Any

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
    "string_too_short": "it may not be shorter than {min_length} characters",
    "too_long": "it is too long: {max_length} is the most",
    "too_short": "it is too short: {min_length} is the least",
    "int_parsing_size": "it is too large a number",
    "finite_number": "it has to be a finite number",
    "ip_any_network": "it has to be an address or a network such as 10.0.0.0/24",
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


NO_PATTERNS: Mapping[str, str] = {}


def complaint(error: Mapping[str, Any], patterns: Mapping[str, str] = NO_PATTERNS) -> str:
    """Return half a sentence without a full stop.

    `error`: one of a ValidationError's `errors()`; `patterns`: in words what each pattern asks for.
    What is not known here is said as pydantic says it, as are a validator's own words.
    """
    kind, told = error["type"], error.get("ctx", {})
    if kind == "string_pattern_mismatch":
        words = patterns.get(told["pattern"])
    elif told.get("min_length") == 1:
        words = "it may not be empty"
    else:
        words = WHOLE.get(kind) or BY_FIRST_WORD.get(kind.partition("_")[0])
    if words is None:
        return str(error["msg"]).removeprefix("Value error, ").rstrip(".")
    return words.format_map(told)
