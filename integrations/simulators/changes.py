"""How each planned change alters the store.  One function per kind; `KINDS` finds it."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from integrations.simulators.model import SYSTEM, Bug, Planned, Rating, Reason, Remark, Ticket
from integrations.simulators.store import Store

GONE: dict[str, Literal["moved", "hidden", "deleted"]] = {"moved": "moved", "hidden": "hidden"}
REASONS: dict[str, Reason] = {"completed": "completed", "duplicate": "duplicate"}
GROUPS = {"Support": 35_000_000_000_001, "Second line": 35_000_000_000_002}


def _ticket(store: Store, event: Planned) -> Ticket | None:
    found = store.tickets.get(event.subject)
    return None if found is None or found.status in ("closed", "deleted") else found


def _agent(store: Store, ticket: Ticket) -> int:
    return store.agents[1 + ticket.id % (len(store.agents) - 1)].id


def created(store: Store, event: Planned, at: datetime) -> None:
    ticket = store.unborn.pop(event.subject)
    ticket.created_at = ticket.updated_at = at
    store.tickets[ticket.id] = ticket
    entry = store.say(ticket, at, by=ticket.requester, body=ticket.body, public=True)
    entry.changes = {"status": "new", "priority": ticket.priority}


def triaged(store: Store, event: Planned, at: datetime) -> None:
    """An agent takes the ticket, answers, and writes down which bug it is about."""
    ticket = _ticket(store, event)
    triage = store.triages.pop(event.subject, None)
    if ticket is None or triage is None:
        return
    agent = _agent(store, ticket)
    second = bool(triage.note_on_bug or triage.problem)
    ticket.assignee, ticket.group = agent, GROUPS["Second line" if second else "Support"]
    ticket.status = "pending" if ticket.id % 5 == 0 else "hold" if ticket.id % 11 == 0 else "open"
    ticket.tags += [tag for tag in triage.tags if tag not in ticket.tags]
    ticket.bug_field, ticket.problem = triage.bug_field, triage.problem
    if triage.problem is not None:
        store.problems.add(triage.problem)
    entry = store.say(ticket, at, by=agent, body=triage.answer, public=True)
    entry.changes = {"status": ticket.status, "assignee_id": agent}
    if triage.note_on_bug is not None:
        note = f"Known to the engineers: {{bug:{triage.note_on_bug}}}"
        store.say(ticket, at, by=agent, body=note, public=False)


def solved(store: Store, event: Planned, at: datetime) -> None:
    ticket = _ticket(store, event)
    if ticket is None:
        return
    ticket.status, ticket.solved_at = "solved", at
    entry = store.say(ticket, at, by=_agent(store, ticket), body=event.detail, public=True)
    entry.changes = {"status": "solved"}


def reopened(store: Store, event: Planned, at: datetime) -> None:
    ticket = _ticket(store, event)
    if ticket is None or ticket.status != "solved":
        return
    ticket.status, ticket.solved_at, ticket.reopens = "open", None, ticket.reopens + 1
    entry = store.say(ticket, at, by=ticket.requester, body=event.detail, public=True)
    entry.changes = {"status": "open", "previous_value": "solved"}


def rated(store: Store, event: Planned, at: datetime) -> None:
    ticket = _ticket(store, event)
    if ticket is None or ticket.status != "solved":
        return
    score: Literal["good", "bad"] = "good" if event.detail == "good" else "bad"
    ticket.rating = Rating(34_000_000_000_000 + len(store.ratings), ticket.id, score, at)
    store.ratings.append(ticket.rating)
    store.touch(ticket, at, by=ticket.requester, satisfaction_score=score)


def closed(store: Store, event: Planned, at: datetime) -> None:
    ticket = _ticket(store, event)
    if ticket is not None and ticket.status == "solved":
        ticket.status = "closed"
        told = store.say(ticket, at, by=SYSTEM, body="Closed by automation.", public=False)
        told.changes = {"status": "closed"}


def deleted(store: Store, event: Planned, at: datetime) -> None:
    ticket = store.tickets.get(event.subject)
    if ticket is None or ticket.status == "deleted":
        return
    ticket.status = "deleted"
    if event.detail == "scrubbed":
        ticket.scrubbed, ticket.subject, ticket.body, ticket.tags = True, "SCRUBBED", "X", []
    store.touch(ticket, at, by=_agent(store, ticket), status="deleted")


def touched(store: Store, event: Planned, at: datetime) -> None:
    """The vendor's own maintenance: only the export stamp moves."""
    ticket = store.tickets.get(event.subject)
    if ticket is not None:
        store.bump(ticket, at)


def _bug(store: Store, event: Planned, at: datetime) -> Bug | None:
    bug = store.bugs.get(event.subject)
    if bug is None or bug.gone:
        return None
    bug.updated_at = max(bug.updated_at, at, store.bugs_served)
    store.version += 1
    return bug


def issue_assigned(store: Store, event: Planned, at: datetime) -> None:
    bug = _bug(store, event, at)
    if bug is not None:
        bug.assignees = [event.detail]


def issue_closed(store: Store, event: Planned, at: datetime) -> None:
    """`detail` is the reason, for duplicates followed by the other bug's number."""
    bug = _bug(store, event, at)
    if bug is None:
        return
    reason, _, other = event.detail.partition(" ")
    bug.open, bug.reason, bug.closed_at = False, REASONS.get(reason, "not_planned"), at
    if other:
        bug.duplicate_of = int(other)
        bug.remarks.append(Remark(bug.id * 10 + 1, at, "triage-desk", f"Duplicate of #{other}"))


def issue_reopened(store: Store, event: Planned, at: datetime) -> None:
    bug = _bug(store, event, at)
    if bug is not None:
        bug.open, bug.reason, bug.closed_at, bug.duplicate_of = True, "reopened", None, None


def issue_gone(store: Store, event: Planned, at: datetime) -> None:
    bug = _bug(store, event, at)
    if bug is not None:
        bug.gone = GONE.get(event.detail, "deleted")


KINDS: dict[str, Callable[[Store, Planned, datetime], None]] = {
    "ticket.created": created,
    "ticket.triaged": triaged,
    "ticket.solved": solved,
    "ticket.reopened": reopened,
    "ticket.rated": rated,
    "ticket.closed": closed,
    "ticket.deleted": deleted,
    "ticket.touched": touched,
    "issue.assigned": issue_assigned,
    "issue.closed": issue_closed,
    "issue.reopened": issue_reopened,
    "issue.gone": issue_gone,
}
