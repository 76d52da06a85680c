"""What the product never needs: well-formed pages without rows, never a 404."""

from collections.abc import Callable
from typing import Any

from integrations.simulators.zendesk.site import Ask

EMPTY = (
    "suspended_tickets",
    "macros",
    "views",
    "views/active",
    "macros/active",
    "tickets/recent",
    "triggers",
    "automations",
    "slas/policies",
    "audit_logs",
    "ticket_audits",
    "activities",
    "bookmarks",
    "sessions",
    "recipient_addresses",
    "requests",
    "locales",
    "user_fields",
    "group_memberships",
    "organization_memberships",
    "webhooks",
    "targets",
    "satisfaction_reasons",
    "business_hours/schedules",
    "skips",
    "custom_roles",
    "custom_objects",
    "dynamic_content/items",
    "sharing_agreements",
    "organization_subscriptions",
    "ticket_skips",
    "workspaces",
    "apps/owned",
    "incremental/organization_memberships",
    "incremental/user_events",
)

NOUNS = {
    "slas/policies": "sla_policies",
    "satisfaction_reasons": "reasons",
    "views/active": "views",
    "macros/active": "macros",
    "tickets/recent": "tickets",
}
"""What the rows are called where it is not the last word of the address."""


def empty_page(path: str) -> Callable[[Ask], Any]:
    """A handler whose answer both pagings understand as the end."""
    noun = NOUNS.get(path, path.rsplit("/", 1)[-1])

    def read(_: Ask) -> Any:
        meta = {"has_more": False, "after_cursor": None, "before_cursor": None}
        links = {"next": None, "prev": None}
        paged = {"count": 0, "next_page": None, "previous_page": None}
        return {noun: [], "meta": meta, "links": links, **paged, "end_of_stream": True}

    return read
