"""What the database adds up of links is what the evidence says, over duplicates and deletions."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, delete

from app.core.ranking import Report, gather_needs
from app.core.vocabulary import LinkState, TicketStatus
from app.db.models import Bug, Customer, Link, Ticket
from app.db.queries import stakes
from tests import make
from tests.make import DAWN

CUSTOMERS, TICKETS, BUGS = 2, 6, 3
A_TICKET = st.tuples(
    st.integers(0, CUSTOMERS - 1), st.integers(0, 60), st.sampled_from(["open"] * 4 + ["deleted"])
)
A_LINK = st.tuples(
    st.integers(0, TICKETS - 1),
    st.integers(0, BUGS - 1),
    st.integers(1, 3),
    st.sampled_from([LinkState.confirmed] * 4 + [LinkState.suggested]),
)
# Bug 0 stands for itself; of the others some are its duplicates.
SOME_DUPLICATES = st.sets(st.integers(1, BUGS - 1), max_size=2)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    tickets=st.lists(A_TICKET, min_size=TICKETS, max_size=TICKETS),
    linked=st.lists(A_LINK, min_size=4, max_size=14, unique_by=lambda link: link[:2]),
    duplicates=SOME_DUPLICATES,
)
def test_needs_are_those_of_the_evidence(db, tickets, linked, duplicates):
    with Session(db.get_bind()) as own:
        for model in (Link, Ticket, Bug, Customer):
            own.exec(delete(model))
        bugs = made_bugs(own, duplicates)
        evidence = made_evidence(own, bugs, tickets, linked, duplicates)
        every = {bug.bug_id: bug for bug in stakes.bug_needs(own, as_of=DAWN)}
        assert set(every) == {bugs[n].id for n in range(BUGS) if n not in duplicates}
        for bug_id, bug in every.items():
            reports = evidence.get(bug_id, [])
            moments = {report.ticket_id: report.reported_at for report in reports}
            assert as_set(bug.needs) == as_set(gather_needs(reports))
            assert bug.last_report == max(moments.values(), default=None)
            month = DAWN - stakes.RECENT
            assert bug.recent_tickets == sum(at >= month for at in moments.values())
            (alone,) = stakes.bug_needs(own, as_of=DAWN, bug_ids=[bug_id])
            assert as_set(alone.needs) == as_set(bug.needs)
            assert (alone.recent_tickets, alone.last_report) == (
                bug.recent_tickets, bug.last_report,
            )  # fmt: skip
        of_duplicates = stakes.bug_needs(own, as_of=DAWN, bug_ids=[bugs[n].id for n in duplicates])
        assert [bug.bug_id for bug in of_duplicates] == [bugs[0].id] * bool(duplicates)
        assert all(as_set(bug.needs) == as_set(every[bug.bug_id].needs) for bug in of_duplicates)
        own.commit()


def as_set(needs):
    return {
        (n.customer_id, n.tickets, n.first_report, n.importance, n.arr_cents) for n in needs
    }  # fmt: skip


def made_bugs(db, duplicates):
    bugs = [make.bug(db)]
    for number in range(1, BUGS):
        root = bugs[0].id if number in duplicates else None
        bugs.append(make.bug(db, duplicate_of_id=root))
    return bugs


def made_evidence(db, bugs, tickets, linked, duplicates):
    """Store everything; return the reports of each bug that stands for itself."""
    who = [
        make.customer(db, f"Customer {n}", arr_cents=n * 1_000 or None) for n in range(CUSTOMERS)
    ]
    stored = [
        make.ticket(
            db,
            customer_id=who[customer].id,
            created_at=DAWN - timedelta(days=age),
            status=TicketStatus(status),
        )
        for customer, age, status in tickets
    ]
    evidence = {}
    for number, bug, importance, state in linked:
        ticket, root = stored[number], bugs[0 if bug in duplicates else bug]
        make.link(db, ticket, bugs[bug], importance=importance, state=state)
        if ticket.status != TicketStatus.deleted and state == LinkState.confirmed:
            arr = who[tickets[number][0]].arr_cents
            report = Report(ticket.id, ticket.customer_id, ticket.created_at, importance, arr)
            evidence.setdefault(root.id, []).append(report)
    return evidence
