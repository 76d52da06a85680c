"""From groups to a role, and how the map is written."""

import pytest

from app.core.groups import read_role_map, role_of
from app.core.vocabulary import Role

MAP = {"bug-admins": Role.admin, "support": Role.support_lead}


@pytest.mark.parametrize(
    "groups, role",
    [
        ({"support", "bug-admins"}, Role.admin),
        ({"support", "cooks"}, Role.support_lead),
        ({"Support"}, None),
        (set(), None),
    ],
)
def test_the_first_group_of_the_map_that_one_is_in_decides(groups, role):
    assert role_of(groups, MAP) == role


def test_a_star_stands_for_everybody_and_decides_where_it_stands():
    assert role_of(set(), MAP | {"*": Role.viewer}) == Role.viewer
    assert role_of({"support"}, {"*": Role.viewer} | MAP) == Role.viewer


def test_a_map_is_pairs_or_json_where_names_have_commas():
    assert read_role_map("cn=admins=admin, *=viewer,\nx y=exec,") == {
        "cn=admins": Role.admin,
        "*": Role.viewer,
        "x y": Role.exec,
    }
    assert read_role_map(' {"cn=a,dc=b": "admin"}') == {"cn=a,dc=b": Role.admin}


@pytest.mark.parametrize(
    "text, said",
    [
        ("admins=boss", "“boss” is no role; roles are viewer"),
        ("admin", "names no group"),
        ("=admin", "names no group"),
        ("{", "not readable as JSON"),
        ('{"a": ["admin"]}', "is no role"),
    ],
)
def test_a_map_that_cannot_be_meant_is_refused_with_what_is_wrong(text, said):
    with pytest.raises(ValueError, match=said):
        read_role_map(text)
