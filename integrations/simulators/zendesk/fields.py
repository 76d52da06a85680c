"""The account's own settings as its lists show them: fields, labels, brand and form."""

from typing import Any

from integrations.simulators.tracker import AREAS
from integrations.simulators.zendesk.shapes import STATUSES, custom_status_id
from integrations.simulators.zendesk.site import AREA_FIELD, BRAND, BUG_FIELD, FORM, SEATS_FIELD

SINCE = "2021-03-01T09:00:00Z"
TIMES = {"created_at": SINCE, "updated_at": SINCE}
SYSTEM_FIELDS = ("subject", "description", "status", "tickettype", "priority", "group", "assignee")


def _ticket_field(base: str, number: int, kind: str, title: str) -> dict[str, Any]:
    return {
        "url": f"{base}/api/v2/ticket_fields/{number}.json",
        "id": number,
        "type": kind,
        "title": title,
        "raw_title": title,
        "description": title,
        "raw_description": title,
        "position": number % 100,
        "active": True,
        "required": False,
        "collapsed_for_agents": False,
        "regexp_for_validation": None,
        "title_in_portal": title,
        "visible_in_portal": False,
        "editable_in_portal": False,
        "required_in_portal": False,
        "agent_can_edit": True,
        "tag": None,
        "removable": kind not in SYSTEM_FIELDS,
        "key": None,
        "agent_description": None,
        **TIMES,
    }


def _options(names: list[str], prefix: str) -> list[dict[str, Any]]:
    return [
        {"id": place, "name": name, "raw_name": name, "value": f"{prefix}{name}", "default": False}
        for place, name in enumerate(names, 1)
    ]


def ticket_fields(base: str) -> list[dict[str, Any]]:
    """System fields, and our own for the bug, the area and the number of seats."""
    rows = [_ticket_field(base, 36_000_010 + n, kind, kind) for n, kind in enumerate(SYSTEM_FIELDS)]
    area = _ticket_field(base, AREA_FIELD, "tagger", "Product area")
    area["custom_field_options"] = _options([*AREAS, "browser"], "area_")
    rows.append(_ticket_field(base, BUG_FIELD, "text", "Bug"))
    rows.append(area)
    rows.append(_ticket_field(base, SEATS_FIELD, "integer", "Seats affected"))
    return sorted(rows, key=lambda row: int(row["id"]))


def organization_fields(base: str) -> list[dict[str, Any]]:
    """What is known of a contract."""
    kinds = {"arr": "integer", "plan": "dropdown", "renewal_date": "date", "csm": "text"}
    rows = []
    for number, (key, kind) in enumerate(kinds.items(), 36_100_001):
        row: dict[str, Any] = {
            "url": f"{base}/api/v2/organization_fields/{number}.json",
            "id": number,
            "type": kind,
            "key": key,
            "title": key,
            "raw_title": key,
            "description": "",
            "raw_description": "",
            "position": number % 100,
            "active": True,
            "system": False,
            "regexp_for_validation": None,
            **TIMES,
        }
        if kind == "dropdown":
            row["custom_field_options"] = _options(["enterprise", "business", "starter"], "")
        rows.append(row)
    return rows


def custom_statuses(base: str) -> list[dict[str, Any]]:
    """One label per status category."""
    return [
        {
            "url": f"{base}/api/v2/custom_statuses/{custom_status_id(status)}.json",
            "id": custom_status_id(status),
            "status_category": status,
            "agent_label": status.capitalize(),
            "end_user_label": status.capitalize(),
            "description": "",
            "end_user_description": "",
            "active": True,
            "default": True,
            **TIMES,
        }
        for status in STATUSES
    ]


def brands(base: str) -> list[dict[str, Any]]:
    """The fictional company."""
    return [
        {
            "url": f"{base}/api/v2/brands/{BRAND}.json",
            "id": BRAND,
            "name": "Harbour Suite (SYNTHETIC)",
            "brand_url": base,
            "subdomain": "harbour-suite",
            "host_mapping": None,
            "has_help_center": False,
            "help_center_state": "disabled",
            "active": True,
            "default": True,
            "is_deleted": False,
            "logo": None,
            "ticket_form_ids": [FORM],
            "signature_template": "{{agent.signature}}",
            **TIMES,
        }
    ]


def ticket_forms(base: str) -> list[dict[str, Any]]:
    """The only form."""
    return [
        {
            "url": f"{base}/api/v2/ticket_forms/{FORM}.json",
            "id": FORM,
            "name": "Default form",
            "display_name": "Default form",
            "raw_name": "Default form",
            "raw_display_name": "Default form",
            "position": 1,
            "active": True,
            "default": True,
            "end_user_visible": True,
            "in_all_brands": True,
            "restricted_brand_ids": [],
            "ticket_field_ids": [BUG_FIELD, AREA_FIELD, SEATS_FIELD],
            "agent_conditions": [],
            "end_user_conditions": [],
            **TIMES,
        }
    ]
