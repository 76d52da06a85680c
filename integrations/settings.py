"""Checks the options a connector was given, and says in one sentence which one to mend."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from integrations.errors import Misconfigured

M = TypeVar("M", bound=BaseModel)
IN_WORDS = {
    "int": "give a whole number",
    "bool": "give true or false",
    "date": "give a day such as 2026-11-30",
    "greater_than_equal": "give at least {ge}",
    "less_than_equal": "give at most {le}",
}
"""What to give, by pydantic's kind of error or its first word."""


def read_options(model: type[M], given: Mapping[str, Any], *, kind: str) -> M:
    """Raise Misconfigured about the first wrong option; no value is ever repeated."""
    try:
        return model.model_validate(dict(given))
    except ValidationError as wrong:
        first = wrong.errors(include_input=False, include_url=False)[0]
    raise Misconfigured(_sentence(kind, model, first))


def _sentence(kind: str, model: type[BaseModel], error: Mapping[str, Any]) -> str:
    name = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        near = get_close_matches(name, model.model_fields, n=1)
        hint = f"; did you mean {near[0]}?" if near else "."
        return f"The source kind {kind} has no option {name}{hint}"
    if error["type"] == "missing":
        return f"The source kind {kind} needs the option {name}."
    words = IN_WORDS.get(error["type"]) or IN_WORDS.get(error["type"].partition("_")[0])
    plain = str(error["msg"]).removeprefix("Value error, ").rstrip(".")
    said = words.format_map(error.get("ctx", {})) if words else plain
    if not name:
        return f"The options of the source kind {kind} do not fit: {said}."
    return f"The option {name} of the source kind {kind} is wrong: {said}."
