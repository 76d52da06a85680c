"""Compares the fields named in the options with those that the account has."""

from collections.abc import Iterator, Sequence

from integrations.zendesk.rows import FieldRow, FieldsPage
from integrations.zendesk.session import Session

Names = dict[str, str]
MOST_SHOWN = 12
TICKET_FIELDS = "/api/v2/ticket_fields"
ORGANIZATION_FIELDS = "/api/v2/organization_fields"


def unknown_fields(session: Session) -> Iterator[str]:
    """Warn of each field that does not exist: what it should bring would silently stay empty."""
    given = session.options
    of_tickets = {"area_field": given.area_field, "bug_field": given.bug_field}
    if wanted := {name: str(value) for name, value in of_tickets.items() if value is not None}:
        rows = _fields(session, TICKET_FIELDS)
        known = None if rows is None else {str(row.id): f"{row.id} ({row.title})" for row in rows}
        yield from _missing(wanted, known, "ticket field")
    names = ("arr_field", "plan_field", "renewal_field")
    if wanted := {name: value for name in names if (value := getattr(given, name))}:
        rows = _fields(session, ORGANIZATION_FIELDS)
        known = None if rows is None else {row.key: row.key for row in rows if row.key}
        yield from _missing(wanted, known, "organisation field")


def _fields(session: Session, path: str) -> Sequence[FieldRow] | None:
    """Without a page size Zendesk gives all at once; None when the list is closed to us."""
    answer = session.get(path, expect=(200, 403, 404))
    if answer.status != 200:
        return None
    page: FieldsPage = answer.json(FieldsPage)
    return page.ticket_fields or page.organization_fields or ()


def _missing(wanted: Names, known: Names | None, kind: str) -> Iterator[str]:
    if known is None:
        listed = " and ".join(wanted)
        yield f"Zendesk does not show us its {kind}s, so {listed} could not be checked."
        return
    for name, value in wanted.items():
        if value not in known:
            there = ", ".join(list(known.values())[:MOST_SHOWN]) or "none"
            yield f"There is no {kind} “{value}”, but {name} names it; there are: {there}."
