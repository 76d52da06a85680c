"""Tickets and what hangs on them as Zendesk writes them: exactly the recorded keys."""

import re
from typing import Any

from integrations.simulators.answers import iso
from integrations.simulators.model import Comment, Rating, Ticket, TicketEvent
from integrations.simulators.store import Store
from integrations.simulators.zendesk.site import AREA_FIELD, BRAND, BUG_FIELD, FORM, SEATS_FIELD

STATUSES = ("new", "open", "pending", "hold", "solved")
FIRST_CUSTOM_STATUS = 32_000_000_000_000
ACCOUNT = 11_223_344
_BUG = re.compile(r"\{bug:(\d+)\}")


def custom_status_id(status: str) -> int:
    """The id of the default label of a status category."""
    known = {"closed": "solved", "deleted": "solved"}.get(status, status)
    return FIRST_CUSTOM_STATUS + STATUSES.index(known)


def text_of(store: Store, text: str) -> str:
    """A comment's text with the addresses of bugs filled in."""
    return _BUG.sub(lambda found: store.bug_url(int(found[1])), text)


def ticket_row(store: Store, base: str, ticket: Ticket) -> dict[str, Any]:
    """The 39 keys of a ticket."""
    fields = _custom_fields(ticket)
    return {
        "url": f"{base}/api/v2/tickets/{ticket.id}.json",
        "id": ticket.id,
        "external_id": None,
        "via": _via(ticket),
        "created_at": iso(ticket.created_at),
        "updated_at": iso(ticket.updated_at),
        "generated_timestamp": ticket.generated,
        "type": ticket.type,
        "subject": ticket.subject,
        "raw_subject": ticket.subject,
        "description": text_of(store, ticket.body),
        "priority": ticket.priority,
        "status": ticket.status,
        "recipient": "help@support.example" if ticket.channel == "email" else None,
        "requester_id": ticket.requester,
        "submitter_id": ticket.requester,
        "assignee_id": ticket.assignee,
        "organization_id": ticket.organization,
        "group_id": ticket.group,
        "problem_id": ticket.problem,
        "has_incidents": ticket.id in store.problems,
        "due_at": None,
        "tags": sorted(ticket.tags),
        "custom_fields": fields,
        "fields": fields,
        "satisfaction_rating": _satisfaction(ticket),
        "custom_status_id": custom_status_id(ticket.status),
        "ticket_form_id": FORM,
        "brand_id": BRAND,
        **EMPTY,
    }


EMPTY: dict[str, Any] = {
    "collaborator_ids": [],
    "follower_ids": [],
    "email_cc_ids": [],
    "followup_ids": [],
    "sharing_agreement_ids": [],
    "forum_topic_id": None,
    "is_public": True,
    "allow_channelback": False,
    "allow_attachments": True,
    "from_messaging_channel": False,
}


def _custom_fields(ticket: Ticket) -> list[dict[str, Any]]:
    return [
        {"id": BUG_FIELD, "value": ticket.bug_field},
        {"id": AREA_FIELD, "value": f"area_{ticket.area}" if ticket.area else None},
        {"id": SEATS_FIELD, "value": None if ticket.id % 3 else float(ticket.id % 90)},
    ]


def _via(ticket: Ticket) -> dict[str, Any]:
    rel = None if ticket.channel != "web" else "web_widget"
    return {"channel": ticket.channel, "source": {"from": {}, "to": {}, "rel": rel}}


def _satisfaction(ticket: Ticket) -> dict[str, Any] | None:
    if ticket.rating is not None:
        return {
            "score": ticket.rating.score,
            "id": ticket.rating.id,
            "comment": None,
            "reason": None,
        }
    if ticket.id % 7 == 0:
        return None
    return {"score": "offered" if ticket.status in ("solved", "closed") else "unoffered"}


def metric_set(ticket: Ticket, base: str) -> dict[str, Any]:
    """The figures about one ticket."""
    both = {"calendar": None, "business": None}
    solved = ticket.solved_at
    minutes = int((solved - ticket.created_at).total_seconds() // 60) if solved else None
    agents = [one for one in ticket.comments if one.author != ticket.requester]
    first = int((agents[0].at - ticket.created_at).total_seconds() // 60) if agents else None
    return {
        "url": f"{base}/api/v2/ticket_metrics/{ticket.id + 500_000}.json",
        "id": ticket.id + 500_000,
        "ticket_id": ticket.id,
        "created_at": iso(ticket.created_at),
        "updated_at": iso(ticket.updated_at),
        "group_stations": 1,
        "assignee_stations": 1,
        "reopens": ticket.reopens,
        "replies": sum(one.public for one in agents),
        "assignee_updated_at": iso(ticket.updated_at) if ticket.assignee else None,
        "requester_updated_at": iso(ticket.created_at),
        "status_updated_at": iso(solved or ticket.updated_at),
        "initially_assigned_at": iso(agents[0].at) if agents else None,
        "assigned_at": iso(agents[0].at) if agents else None,
        "solved_at": iso(solved),
        "latest_comment_added_at": iso(ticket.comments[-1].at) if ticket.comments else None,
        "reply_time_in_minutes": {"calendar": first, "business": first},
        "first_resolution_time_in_minutes": {"calendar": minutes, "business": minutes},
        "full_resolution_time_in_minutes": {"calendar": minutes, "business": minutes},
        "agent_wait_time_in_minutes": both,
        "requester_wait_time_in_minutes": both,
        "on_hold_time_in_minutes": both,
        "custom_status_updated_at": iso(solved or ticket.updated_at),
    }


def comment_row(store: Store, comment: Comment) -> dict[str, Any]:
    """One message of a ticket."""
    text = text_of(store, comment.body)
    return {
        "id": comment.id,
        "type": "Comment",
        "author_id": comment.author,
        "body": text,
        "html_body": f'<div class="zd-comment"><p>{_escaped(text)}</p></div>',
        "plain_body": text,
        "public": comment.public,
        "attachments": [],
        "audit_id": comment.id + 1_000_000_000,
        "via": {"channel": "web", "source": {"from": {}, "to": {}, "rel": None}},
        "created_at": iso(comment.at),
        "metadata": {"system": {}, "custom": {}},
    }


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def event_row(store: Store, event: TicketEvent, *, comments: bool) -> dict[str, Any]:
    """One row of the event export; comment texts only when they are asked for."""
    via = {"channel": "web", "source": {"from": {}, "to": {}, "rel": None}}
    children: list[dict[str, Any]] = []
    if event.changes:
        children.append({"id": event.id * 10, "via": "Web form", "event_type": "Change"})
        children[0] |= event.changes
    if event.comment is not None:
        child = {"id": event.id * 10 + 1, "via": "Web form", "event_type": "Comment"}
        child |= {"comment_present": True, "comment_public": event.comment.public}
        children.append(child | (comment_row(store, event.comment) if comments else {}))
    return {
        "id": event.id,
        "ticket_id": event.ticket,
        "timestamp": int(event.at.timestamp()),
        "created_at": iso(event.at),
        "updater_id": event.updater,
        "via": via["channel"],
        "system": {"client": None, "location": None},
        "event_type": "Audit",
        "child_events": children,
    }


def rating_row(store: Store, base: str, rating: Rating) -> dict[str, Any]:
    """An answer of the legacy satisfaction question."""
    ticket = store.tickets[rating.ticket]
    return {
        "url": f"{base}/api/v2/satisfaction_ratings/{rating.id}.json",
        "id": rating.id,
        "assignee_id": ticket.assignee,
        "group_id": ticket.group,
        "requester_id": ticket.requester,
        "ticket_id": rating.ticket,
        "score": rating.score,
        "created_at": iso(rating.at),
        "updated_at": iso(rating.at),
        "comment": None,
        "reason": "No reason provided",
        "reason_id": None,
        "reason_code": 0 if rating.score == "good" else 100,
    }
