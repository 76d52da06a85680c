"""Long lists for programs, read page by page to their end: bugs, customers, links."""

from collections.abc import Callable
from datetime import date

from pydantic import BaseModel
from sqlmodel import Session

from app.core.bands import arr_band
from app.core.vocabulary import CustomerKind, LinkOrigin, LinkState, Severity, StatusCategory
from app.db.models import Bug, BugScore, Customer
from app.db.queries import bugs, customers, links, rankings
from app.views.places import shown_score


class BugItem(BaseModel):
    """A bug as its tracker has it, and what it costs customers."""

    id: int
    source: str
    external_id: str
    url: str | None
    key: str
    title: str
    status: str
    status_category: StatusCategory
    severity: Severity | None
    duplicate_of: int | None
    tickets: int
    customers: int
    score: float


class Bugs(BaseModel):
    """A page of bugs: by id, or the worst that have the words of `q`."""

    q: str
    items: list[BugItem]
    next: str | None


class CustomerItem(BaseModel):
    """A customer; `arr` is exact for those who may know it, else None.  No source gives a `url`."""

    id: int
    source: str
    external_id: str
    url: None = None
    kind: CustomerKind
    name: str
    tier: str | None
    arr: float | None
    arr_band: str
    renewal_on: date | None
    domains: list[str]


class Customers(BaseModel):
    """A page of customers."""

    items: list[CustomerItem]
    next: str | None


class LinkItem(BaseModel):
    """A link; `ticket` and `bug` are the external ids, beside the source and address of each."""

    id: int
    ticket_id: int
    bug_id: int
    ticket_source: str
    ticket: str
    ticket_url: str | None
    bug_source: str
    bug: str
    bug_url: str | None
    state: LinkState
    origin: LinkOrigin
    importance: int


class Links(BaseModel):
    """A page of links."""

    items: list[LinkItem]
    next: str | None


def bug_list(db: Session, q: str, *, after: int, limit: int) -> Bugs:
    """List every bug by id or, with words, the worst bugs that have them."""
    words = q.split()[:8]
    if words:
        found, more = list(bugs.search_bugs(db, words, limit=limit)), False
    else:
        found = list(bugs.page_of_bugs(db, after=after, limit=limit + 1))
        more = len(found) > limit
    names = bugs.source_names(db)
    scores = rankings.scores_of(db, [bug.id or 0 for bug in found])
    shown = shown_score(db)
    items = [
        _bug(bug, names[bug.source_id], scores.get(bug.id or 0), shown) for bug in found[:limit]
    ]
    return Bugs(q=q, items=items, next=str(items[-1].id) if more else None)


def _bug(bug: Bug, source: str, score: BugScore | None, shown: Callable[[float], float]) -> BugItem:
    return BugItem(
        id=bug.id or 0,
        source=source,
        external_id=bug.external_id,
        url=bug.url,
        key=bug.key,
        title=bug.title,
        status=bug.status_raw,
        status_category=bug.status_category,
        severity=bug.severity,
        duplicate_of=bug.duplicate_of_id,
        tickets=score.tickets if score else 0,
        customers=score.customers if score else 0,
        score=shown(score.score) if score else 0.0,
    )


def customer_list(db: Session, *, after: int, limit: int, money: bool) -> Customers:
    """List customers by id."""
    names = bugs.source_names(db)
    found = customers.page_of_customers(db, after=after, limit=limit + 1)
    items = [_customer(each, names[each.source_id], money=money) for each in found[:limit]]
    return Customers(items=items, next=str(items[-1].id) if len(found) > limit else None)


def _customer(who: Customer, source: str, *, money: bool) -> CustomerItem:
    return CustomerItem(
        id=who.id or 0,
        source=source,
        external_id=who.external_id,
        kind=who.kind,
        name=who.name,
        tier=who.tier,
        arr=who.arr_cents / 100 if money and who.arr_cents is not None else None,
        arr_band=arr_band(who.arr_cents),
        renewal_on=who.renewal_on,
        domains=who.domains,
    )


def link_list(db: Session, *, after: int, limit: int) -> Links:
    """List links by id, whatever their state."""
    found = links.page_of_links(db, after=after, limit=limit + 1)
    names = bugs.source_names(db)
    items = [
        LinkItem(
            id=link.id or 0,
            ticket_id=link.ticket_id,
            bug_id=link.bug_id,
            ticket_source=names[ticket[0]],
            ticket=ticket[1],
            ticket_url=ticket[2],
            bug_source=names[bug[0]],
            bug=bug[1],
            bug_url=bug[2],
            state=link.state,
            origin=link.origin,
            importance=link.importance,
        )
        for link, ticket, bug in found[:limit]
    ]
    return Links(items=items, next=str(items[-1].id) if len(found) > limit else None)
