"""The sprint's fortnight: bugs are taken and mended, tickets follow, and nothing is early."""

from collections import Counter
from datetime import timedelta
from sys import getswitchinterval, setswitchinterval
from threading import Thread

import pytest

from integrations.simulators.scenario import build_world
from integrations.simulators.world import World
from tests.integrations.simulators.callers import START, small_world


@pytest.fixture
def world() -> World:
    return build_world(7, start=START)


def test_sixty_to_seventy_five_bugs_are_mended_and_a_few_end_otherwise(world):
    closed = [one.detail for one in world.upcoming() if one.kind == "issue.closed"]
    reasons = Counter(detail.split()[0] for detail in closed)
    assert 60 <= reasons["completed"] <= 75
    assert reasons["not_planned"] == 5
    assert reasons["duplicate"] == 4
    assert sum(one.kind == "issue.reopened" for one in world.upcoming()) in (2, 3)


def test_every_mended_bug_was_assigned_before(world):
    taken = {one.subject: one.at for one in world.upcoming() if one.kind == "issue.assigned"}
    for event in world.upcoming():
        if event.kind == "issue.closed" and event.detail == "completed":
            assert taken[event.subject] < event.at


def test_a_mended_bugs_tickets_are_solved_within_days_of_its_end(world):
    world.advance(world.end)
    store, followed = world.store, 0
    for ticket in store.tickets.values():
        bugs = store.truth[ticket.id]
        bug = store.bugs[bugs[0]] if bugs else None
        if bug and bug.closed_at and bug.closed_at > world.start and ticket.solved_at:
            followed += bug.closed_at < ticket.solved_at < bug.closed_at + timedelta(days=4)
    assert followed > 700


def test_nothing_planned_after_an_instant_has_happened(world):
    noon = world.start + timedelta(days=3)
    world.advance(noon)
    assert all(one.at > noon for one in world.upcoming())
    assert max(one.updated_at for one in world.store.tickets.values()) <= noon


def test_a_stamp_keeps_the_future_out_of_the_rows(world):
    world.advance(world.end, stamp=world.start)
    assert max(one.updated_at for one in world.store.tickets.values()) <= world.start
    assert max(bug.updated_at for bug in world.store.bugs.values()) <= world.start


def test_going_in_steps_ends_where_one_leap_ends(world):
    leap = build_world(7, start=START)
    leap.advance(leap.end)
    for day in range(15):
        world.advance(world.start + timedelta(days=day))
    assert world.dump() == leap.dump()


def test_two_drivers_at_once_apply_each_change_once():
    world, alone = small_world(3000), small_world(3000)
    threads = [Thread(target=world.advance, args=(world.end,)) for _ in range(8)]
    usual = getswitchinterval()
    setswitchinterval(1e-6)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    setswitchinterval(usual)
    alone.advance(alone.end)
    assert world.dump() == alone.dump()
    assert len(world.store.log) == len(alone.store.log)


def test_a_world_can_have_fewer_bugs_and_more_than_were_published():
    assert len(build_world(1, start=START, tickets=50, bugs=40).store.bugs) == 40
    many = build_world(1, start=START, tickets=50, bugs=2500).store.bugs
    assert len(many) == 2500
    assert sum("(copy" in bug.title for bug in many.values()) == 2500 - 1076


@pytest.mark.parametrize("tickets, bugs", [(0, None), (1, 1), (40, 0), (60, 3)])
def test_very_small_worlds_stand_too(tickets, bugs):
    world = build_world(1, start=START, tickets=tickets, bugs=bugs)
    world.advance(world.end)
    assert len(world.store.tickets) == tickets


def test_a_sprint_in_the_past_finds_later_ends_still_open():
    start = START.replace(year=2022)
    world = build_world(1, start=start, tickets=200)
    assert all(bug.created_at < start for bug in world.store.bugs.values())
    assert all(bug.closed_at is None or bug.closed_at < start for bug in world.store.bugs.values())
    world.advance(world.end)
    assert len(world.store.tickets) == 200


def test_the_truth_file_names_the_bugs_of_every_ticket(tmp_path):
    world = small_world(80)
    lines = world.write_truth(tmp_path).read_text().splitlines()
    assert len(lines) == 80
    assert lines[0].startswith('{"ticket":1,"bugs":[')
