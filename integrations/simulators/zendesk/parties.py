"""Organisations, users and groups as Zendesk writes them: exactly the recorded keys."""

from typing import Any

from integrations.simulators.answers import iso
from integrations.simulators.changes import GROUPS
from integrations.simulators.model import Organization, Person


def organization_row(base: str, one: Organization) -> dict[str, Any]:
    """The 14 keys of an organisation; money and plan are its custom fields."""
    return {
        "url": f"{base}/api/v2/organizations/{one.id}.json",
        "id": one.id,
        "name": one.name,
        "shared_tickets": False,
        "shared_comments": False,
        "external_id": None,
        "created_at": iso(one.created_at),
        "updated_at": iso(one.updated_at),
        "domain_names": list(one.domains),
        "details": None,
        "notes": "SYNTHETIC" if one.id % 2 else None,
        "group_id": None,
        "tags": ["synthetic"],
        "organization_fields": {
            "arr": one.arr,
            "plan": one.plan,
            "renewal_date": f"{one.renewal.isoformat()}T00:00:00+00:00" if one.renewal else None,
            "csm": None,
        },
    }


def group_rows(base: str) -> list[dict[str, Any]]:
    """The teams of agents."""
    since = "2021-03-01T09:00:00Z"
    return [
        {
            "url": f"{base}/api/v2/groups/{number}.json",
            "id": number,
            "name": name,
            "description": "",
            "default": name == "Support",
            "deleted": False,
            "is_public": True,
            "created_at": since,
            "updated_at": since,
        }
        for name, number in GROUPS.items()
    ]


def user_row(base: str, person: Person) -> dict[str, Any]:
    """The 38 keys of a user."""
    agent = person.role != "end-user"
    return {
        "id": person.id,
        "url": f"{base}/api/v2/users/{person.id}.json",
        "name": person.name,
        "email": person.email,
        "created_at": iso(person.created_at),
        "updated_at": iso(person.created_at),
        "role": person.role,
        "role_type": {"admin": 4, "agent": 0}.get(person.role),
        "active": person.active,
        "verified": agent,
        "organization_id": person.organization,
        "default_group_id": next(iter(GROUPS.values())) if agent else None,
        "last_login_at": iso(person.created_at) if agent else None,
        "user_fields": {},
        "tags": [],
        "ticket_restriction": None if agent else "requested",
        "two_factor_auth_enabled": agent,
        "moderator": agent,
        "restricted_agent": not agent,
        **PERSON,
    }


PERSON: dict[str, Any] = dict.fromkeys(
    (
        *("alias", "custom_role_id", "details", "external_id", "notes", "phone", "photo"),
        *("shared_phone_number", "signature"),
    )
) | {
    "time_zone": "London",
    "iana_time_zone": "Europe/London",
    "locale": "en-GB",
    "locale_id": 1176,
    "only_private_comments": False,
    "permanently_deleted": False,
    "report_csv": False,
    "shared": False,
    "shared_agent": False,
    "suspended": False,
}
