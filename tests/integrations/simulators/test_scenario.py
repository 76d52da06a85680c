"""The made-up company has the shape that the demonstration and the reports need."""

from collections import Counter
from datetime import timedelta
from time import process_time

import msgspec
import pytest

from integrations.simulators.model import SYSTEM, Ticket
from integrations.simulators.phrases import rare_words, words
from integrations.simulators.scenario import build_world
from integrations.simulators.world import World
from tests.integrations.simulators.callers import START


@pytest.fixture(scope="module", params=[1, 7, 42])
def finished(request) -> World:
    world = build_world(request.param, start=START)
    world.advance(world.end)
    return world


def about_bugs(world: World) -> list[Ticket]:
    return [one for one in world.store.tickets.values() if world.store.truth[one.id]]


def is_referenced(ticket: Ticket) -> bool:
    noted = any("{bug:" in comment.body for comment in ticket.comments)
    tagged = any(tag.startswith("bug-") for tag in ticket.tags)
    return bool(ticket.bug_field or ticket.problem or tagged or noted)


def test_all_1800_tickets_have_arrived_by_the_end_of_the_sprint(finished):
    assert sorted(finished.store.tickets) == list(range(1, 1801))


def test_between_1200_and_1400_tickets_are_solved_in_the_sprint(finished):
    solved = {
        event.ticket
        for event in finished.store.log
        if event.at >= finished.start and event.changes.get("status") == "solved"
    }
    assert 1200 <= len(solved) <= 1400


def test_a_quarter_of_the_tickets_is_about_no_bug_and_a_twentieth_about_two(finished):
    counts = Counter(len(bugs) for bugs in finished.store.truth.values())
    assert 0.2 <= counts[0] / 1800 <= 0.3
    assert 0.035 <= counts[2] / 1800 <= 0.065


def test_few_bugs_hurt_many_and_most_hurt_few(finished):
    counts = Counter(bugs[0] for bugs in finished.store.truth.values() if bugs)
    ranked = [count for _, count in counts.most_common()]
    assert 110 <= len(ranked) <= 160
    assert 75 <= ranked[0] <= 110
    assert ranked[0] > 4 * ranked[20] > 0
    assert ranked[-1] <= 6


def test_four_of_five_tickets_about_a_bug_say_so_where_a_connector_can_see_it(finished):
    triaged = [one for one in about_bugs(finished) if len(one.comments) > 1 and not one.scrubbed]
    share = sum(map(is_referenced, triaged)) / len(triaged)
    assert 0.76 <= share <= 0.84


def test_references_name_only_bugs_that_the_ticket_is_about(finished):
    for ticket in about_bugs(finished):
        tagged = {int(tag[4:]) for tag in ticket.tags if tag.startswith("bug-")}
        named = tagged | ({int(ticket.bug_field)} if ticket.bug_field else set())
        assert named <= set(finished.store.truth[ticket.id])


def test_incidents_share_the_bug_of_their_problem(finished):
    truth = finished.store.truth
    incidents = [one for one in about_bugs(finished) if one.problem]
    assert len(incidents) > 100
    assert all(truth[one.id][0] == truth[one.problem][0] for one in incidents)


def test_no_ticket_uses_a_rare_word_of_its_bug(finished):
    bugs = list(finished.store.bugs.values())
    rare = dict(zip((bug.id for bug in bugs), rare_words([bug.title for bug in bugs]), strict=True))
    for ticket in about_bugs(finished):
        first = finished.store.truth[ticket.id][0]
        assert not words(f"{ticket.subject} {ticket.body}") & rare[first]


def test_nobody_writes_about_a_bug_before_it_exists(finished):
    store = finished.store
    for ticket in about_bugs(finished):
        assert ticket.created_at >= store.bugs[store.truth[ticket.id][0]].created_at


def test_some_customers_have_waited_for_two_years(finished):
    waited = [finished.start - one.created_at for one in about_bugs(finished)]
    assert timedelta(days=730) < max(waited)


def test_weekends_bring_far_fewer_tickets_than_working_days(finished):
    days = Counter(one.created_at.weekday() for one in finished.store.tickets.values())
    assert (days[5] + days[6]) / 2 < 0.45 * sum(days[day] for day in range(5)) / 5


def test_the_world_holds_reopened_deleted_scrubbed_and_rated_tickets(finished):
    tickets = finished.store.tickets.values()
    assert sum(one.reopens > 0 for one in tickets) >= 20
    assert sum(one.status == "deleted" for one in tickets) >= 4
    assert 1 <= sum(one.scrubbed for one in tickets) <= 2
    assert {one.score for one in finished.store.ratings} == {"good", "bad"}
    people = finished.store.people
    assert any(not people[one.requester].listed for one in tickets)
    assert any(not people[one.requester].active for one in tickets)


def test_some_messages_are_written_by_the_system_itself(finished):
    authors = [
        comment.author for one in finished.store.tickets.values() for comment in one.comments
    ]
    assert 0 < authors.count(SYSTEM) < len(authors) / 4


def test_a_world_of_1800_tickets_is_built_in_less_than_one_and_a_half_seconds():
    before = process_time()
    build_world(11, start=START)
    assert process_time() - before < 1.5


def test_customers_pay_by_tier_and_some_are_unknown(finished):
    organizations = finished.store.organizations.values()
    assert len(organizations) == 140
    assert {one.plan for one in organizations} == {"enterprise", "business", "starter", None}
    assert any(one.arr is None for one in organizations)


def test_the_same_seed_gives_the_same_bytes():
    one, two = (msgspec.json.encode(build_world(5, start=START).dump()) for _ in range(2))
    assert one == two
    assert one != msgspec.json.encode(build_world(6, start=START).dump())


def test_everything_is_marked_synthetic_and_no_address_can_be_a_real_one(finished):
    kept = [one for one in finished.store.tickets.values() if not one.scrubbed]
    assert all("synthetic" in one.tags for one in kept)
    for person in finished.store.people.values():
        assert person.email is None or "_" in person.email or person.email.endswith(".example")
