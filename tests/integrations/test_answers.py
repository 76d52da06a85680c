"""What is taken from a vendor's answer."""

import pytest

from integrations.answers import Answer
from integrations.errors import Unreadable


@pytest.mark.parametrize("content", [b"null", b'"text"', b"1", b"1.5", b"true", b"", b"{", b"\xff"])
def test_only_an_object_or_a_list_is_taken_from_an_answer(content):
    answer = Answer(200, {}, content, "https://desk.example/x", "Desk")
    with pytest.raises(Unreadable, match="whole JSON"):
        answer.json()
    assert [Answer(200, {}, each, "https://x", "Desk").json() for each in (b"[]", b"{}")] == [
        [],
        {},
    ]
