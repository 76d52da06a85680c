"""What pydantic refuses is said in words that stand behind a name, without its full stop."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

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
    (list[int], 1, "it has to be a list"),
    (dict[str, int], 1, "it has to hold names with values"),
    (Size, "M", "it has to be 'S' or 'L'"),
    (Literal["a", "b"], "c", "it has to be 'a' or 'b'"),
    (Annotated[int, Field(ge=1)], 0, "it has to be at least 1"),
    (Annotated[int, Field(gt=1)], 1, "it has to be more than 1"),
    (Annotated[int, Field(le=500)], 501, "it may be at most 500"),
    (Annotated[int, Field(lt=500)], 500, "it has to be less than 500"),
    (Annotated[str, Field(max_length=3)], "long", "it may not be longer than 3 characters"),
    (Annotated[str, Field(min_length=3)], "no", "it has to be at least 3 long"),
    (Annotated[list[int], Field(max_length=1)], [1, 2], "it may not hold more than 1"),
    (Annotated[list[int], Field(min_length=2)], [1], "it has to hold at least 2"),
]


@pytest.mark.parametrize(("shape", "given", "said"), SAID)
def test_each_kind_of_refusal_is_said_in_words(shape, given, said):
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(shape).validate_python(given)
    first = refused.value.errors()[0]
    assert complaint(first["type"], first.get("ctx", {}), first["msg"]) == said


def test_a_kind_that_is_not_known_is_said_as_it_came():
    assert complaint("value_error", {"error": 1}, "Value error, odd days only.") == "odd days only"
    assert complaint("string_pattern_mismatch", {}, "String should match 'x'") == (
        "String should match 'x'"
    )
