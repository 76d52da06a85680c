"""Facts to rank: plain makers and hypothesis strategies."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from app.core.ranking import BugNeeds, Need, Policy, Report
from app.core.vocabulary import LinkState, Severity

AS_OF = datetime(2026, 11, 21, 12, tzinfo=UTC)


def need(customer_id=1, *, tickets=1, days=0.0, importance=1, arr_cents=None):
    return Need(customer_id, tickets, AS_OF - timedelta(days=days), importance, arr_cents)


def bug(*needs, bug_id=1, severity=Severity.S3, recent=0, key="K-1"):
    return BugNeeds(bug_id, severity, needs, recent, "jira", key)


severities = st.sampled_from([None, *Severity])
arrs = st.none() | st.integers(-10, 10**12)
instants = st.integers(1_420_000_000, 1_800_000_000).map(lambda at: datetime.fromtimestamp(at, UTC))
needs = st.builds(
    Need,
    customer_id=st.integers(1, 10**6),
    tickets=st.integers(1, 500),
    first_report=instants,
    importance=st.integers(1, 3),
    arr_cents=arrs,
)
need_lists = st.lists(needs, max_size=8, unique_by=lambda each: each.customer_id)
policies = st.builds(
    Policy,
    beta=st.floats(0, 10),
    tau_days=st.floats(1, 3650),
    gamma=st.floats(0, 1),
    alpha=st.floats(0, 5),
    arr_ref_cents=st.integers(1, 10**11),
    w_max=st.floats(1, 100),
    severity_spread=st.floats(0, 2),
)
bugs = st.builds(
    BugNeeds,
    bug_id=st.integers(1, 10**6),
    severity=severities,
    needs=need_lists,
    recent_tickets=st.integers(0, 3),
    source=st.sampled_from(["github", "jira"]),
    natural_key=st.text("abc1", min_size=1, max_size=4),
)
bug_lists = st.lists(
    bugs, max_size=10, unique_by=(lambda b: b.bug_id, lambda b: (b.source, b.natural_key))
)
CUSTOMER_OF_TICKET = 7
reports = st.builds(
    lambda ticket_id, reported_at, importance, state: Report(
        ticket_id,
        ticket_id % CUSTOMER_OF_TICKET,
        reported_at,
        importance,
        1000 * (ticket_id % CUSTOMER_OF_TICKET),
        state,
    ),
    ticket_id=st.integers(1, 40),
    reported_at=instants,
    importance=st.integers(1, 3),
    state=st.just(LinkState.confirmed),
)
report_sets = st.frozensets(reports, max_size=12)
