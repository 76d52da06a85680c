"""Which role somebody has, by the groups that the identity provider says they are in."""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from app.core.vocabulary import Role

EVERYBODY = "*"
"""A group's name in the map that stands for everybody the provider lets in."""


def role_of(groups: Collection[str], role_map: Mapping[str, Role]) -> Role | None:
    """Return the role of the map's first group that somebody is in; None when they are in none."""
    for group, role in role_map.items():
        if group == EVERYBODY or group in groups:
            return role
    return None


def read_role_map(text: str) -> dict[str, Role]:
    """Read `GROUP=ROLE, …`, or JSON where names have commas; raises ValueError with a sentence."""
    if text.lstrip().startswith("{"):
        return _checked(_from_json(text).items())
    return _checked(_cut(part) for part in text.replace("\n", ",").split(",") if part.strip())


def _from_json(text: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(text)
    except ValueError:
        raise ValueError("this is not readable as JSON") from None
    return found


def _cut(part: str) -> tuple[str, str]:
    group, _, role = part.rpartition("=")
    return group.strip(), role.strip()


def _checked(pairs: Iterable[tuple[str, object]]) -> dict[str, Role]:
    found: dict[str, Role] = {}
    for group, role in pairs:
        if not group:
            raise ValueError(f"“{role}” names no group; write GROUP=ROLE")
        if str(role) not in set(Role):
            raise ValueError(f"“{role}” is no role; roles are {', '.join(Role)}")
        found[group] = Role(str(role))
    return found
