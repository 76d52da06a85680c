"""What pydantic refuses is said in words that stand behind a name, without its full stop."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import AwareDatetime, Field, IPvAnyNetwork, SecretStr, TypeAdapter, ValidationError

from app.core.complaints import complaint


class Size(StrEnum):
    small = "S"
    large = "L"


SAID = [
    (int, "many", "it has to be a whole number"),
    (int, 1.5, "it has to be a whole number"),
    (int, "9" * 5000, "it is too large a number"),
    (float, "many", "it has to be a number"),
    (Annotated[float, Field(allow_inf_nan=False)], "inf", "it has to be a finite number"),
    (bool, "perhaps", "it has to be true or false"),
    (date, "soon", "it has to be a day such as 2026-11-30"),
    (date, "2026-02-30", "it has to be a day such as 2026-11-30"),
    (datetime, "soon", "it has to be a time such as 2026-11-30T08:00:00Z"),
    (
        AwareDatetime,
        "2026-11-30T08:00:00",
        "it has to be a time with its zone, such as 2026-11-30T08:00:00Z",
    ),
    (str, 1, "it has to be text"),
    (Annotated[str, Field(min_length=1)], "", "it may not be empty"),
    (IPvAnyNetwork, "10.0.0", "it has to be an address or a network such as 10.0.0.0/24"),
    (list[int], 1, "it has to be a list"),
    (dict[str, int], 1, "it has to hold names with values"),
    (Size, "M", "it has to be 'S' or 'L'"),
    (Literal["a", "b"], "c", "it has to be 'a' or 'b'"),
    (Annotated[int, Field(ge=1)], 0, "it has to be at least 1"),
    (Annotated[int, Field(gt=1)], 1, "it has to be more than 1"),
    (Annotated[int, Field(le=500)], 501, "it may be at most 500"),
    (Annotated[int, Field(lt=500)], 500, "it has to be less than 500"),
    (Annotated[str, Field(max_length=3)], "long", "it may not be longer than 3 characters"),
    (Annotated[str, Field(min_length=3)], "no", "it may not be shorter than 3 characters"),
    (Annotated[list[int], Field(max_length=1)], [1, 2], "it is too long: 1 is the most"),
    (Annotated[list[int], Field(min_length=2)], [1], "it is too short: 2 is the least"),
    (Annotated[SecretStr, Field(min_length=16)], "word", "it is too short: 16 is the least"),
]


@pytest.mark.parametrize(("shape", "given", "said"), SAID)
def test_each_kind_of_refusal_is_said_in_words(shape, given, said):
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(shape).validate_python(given)
    assert complaint(refused.value.errors()[0]) == said


def test_a_pattern_is_said_in_the_words_given_for_it():
    key = Annotated[str, Field(pattern="^[a-z]+$")]
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(key).validate_python("A b")
    [error] = refused.value.errors()
    assert complaint(error, {"^[a-z]+$": "it has to be small"}) == "it has to be small"
    assert complaint(error) == "String should match pattern '^[a-z]+$'"


def test_a_validators_own_words_are_kept():
    error = {"type": "value_error", "ctx": {"error": 1}, "msg": "Value error, odd days only."}
    assert complaint(error) == "odd days only"
