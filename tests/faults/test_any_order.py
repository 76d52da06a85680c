"""However records come, twice, late or in any order, the newest version of each is what stays."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlmodel import Session, select

from app.actions.sync import Sync
from app.db.engine import open_engine
from app.db.models import Bug, Link, Ticket
from integrations.errors import Unavailable
from tests import make
from tests.actions.sources import VAULT, Given, issue, page_of, ticket
from tests.conftest import begun_anew
from tests.make import DAWN
from tests.sizes import size

EXAMPLES, STEPS = size(6, 150), size(8, 15)
VERSIONS = st.tuples(st.integers(1, 3), st.integers(1, 5))
DELIVERIES = st.lists(st.lists(VERSIONS, min_size=1, max_size=4), min_size=1, max_size=3)


def named(version):
    """Which bugs a version of a ticket names; the fourth names none any more."""
    return () if version == 4 else (1 + version % 2,)


def a_ticket(number, version):
    refs = [(f"acme/app#{bug}", "tag") for bug in named(version)]
    return ticket(str(number), stamp=version, subject=f"{number}: version {version}", refs=refs)


def a_bug(number, version):
    at = DAWN + timedelta(hours=version)
    state = "done" if version % 2 else "open"
    return issue(number, at=at, title=f"{number}: version {version}", status_category=state)


class AnyOrder(RuleBasedStateMachine):
    """Two sources that repeat themselves, and what should be known of them."""

    def __init__(self, url):
        super().__init__()
        self.engine = open_engine(url)
        with Session(self.engine) as db:
            self.desk = make.source(db, "zendesk").id
            self.tracker = make.source(db, "github").id
        self.tickets, self.bugs = {}, {}

    def teardown(self):
        self.engine.dispose()

    @rule(pages=DELIVERIES, full=st.booleans(), cut=st.booleans())
    def tickets_come(self, pages, full, cut):
        self.read(self.desk, pages, a_ticket, full=full, cut=cut)
        learn(self.tickets, pages)

    @rule(pages=DELIVERIES, full=st.booleans(), cut=st.booleans())
    def bugs_come(self, pages, full, cut):
        self.read(self.tracker, pages, a_bug, full=full, cut=cut)
        learn(self.bugs, pages)

    def read(self, source, pages, made, *, full, cut):
        """Read these pages to their end; a cut run ends with an error after them."""
        made_pages = [page_of(*(made(*each) for each in page), position="0") for page in pages]
        broken = [Unavailable("The source went away.")] if cut else []
        given = Given({"records": [*made_pages, *broken]})
        run = Sync(self.engine, source, given, VAULT, lambda: DAWN)
        assert bool(run.run(full=full).failed) == cut

    @invariant()
    def the_newest_version_of_each_is_kept_once(self):
        with Session(self.engine) as db:
            tickets = db.exec(select(Ticket.external_id, Ticket.stamp, Ticket.subject)).all()
            bugs = db.exec(select(Bug.external_id, Bug.title, Bug.status_category)).all()
        assert sorted(tickets) == [
            (str(number), version, f"{number}: version {version}")
            for number, version in sorted(self.tickets.items())
        ]
        assert sorted(bugs) == [
            (f"I{number}", f"{number}: version {version}", "done" if version % 2 else "open")
            for number, version in sorted(self.bugs.items())
        ]

    @invariant()
    def links_are_what_the_newest_versions_name(self):
        with Session(self.engine) as db:
            found = db.exec(
                select(Ticket.external_id, Bug.external_id)
                .join(Link, Link.ticket_id == Ticket.id)
                .join(Bug, Bug.id == Link.bug_id)
            ).all()
        assert sorted(found) == sorted(
            (str(number), f"I{bug}")
            for number, version in self.tickets.items()
            for bug in named(version)
            if bug in self.bugs
        )


def learn(known, pages):
    for page in pages:
        for number, version in page:
            known[number] = max(version, known.get(number, 0))


@pytest.fixture
def another(database_url, empty_sqlite):
    """Make a machine on an empty database."""
    template = empty_sqlite if database_url.startswith("sqlite") else None
    return lambda: AnyOrder(begun_anew(database_url, template))


def test_records_in_any_order_and_number_end_with_the_newest_of_each(another):
    quiet = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],  # shrinking would take minutes: each step is a whole sync
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(another, settings=quiet)
