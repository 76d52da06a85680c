"""The older exports by time: pages never split a second, and the last second repeats."""

from collections import Counter
from typing import Any

from tests.integrations.simulators.callers import START, Zendesk, small_world, zendesk


def follow(site: Zendesk, path: str, noun: str, **params) -> list[list[dict[str, Any]]]:
    page = site.get(path, start_time=0, **params)
    pages = [page[noun]]
    while not page["end_of_stream"]:
        page = site.client.get(page["next_page"]).json()
        pages.append(page[noun])
    return pages


def test_small_pages_meet_all_organisations_and_repeat_the_boundary():
    world = small_world()
    with zendesk(world) as site:
        pages = follow(site, "incremental/organizations.json", "organizations", per_page=4)
        ids = [row["id"] for page in pages for row in page]
        assert set(ids) == set(world.store.organizations)
        assert max(Counter(ids).values()) > 1


def test_a_page_grows_beyond_its_size_when_rows_share_a_second():
    world = small_world()
    for one in world.store.organizations.values():
        one.updated_at = START
    with zendesk(world) as site:
        page = site.get("incremental/organizations", start_time=0, per_page=5)
        assert page["count"] == len(page["organizations"]) == len(world.store.organizations)
        assert page["end_time"] == int(START.timestamp())
        assert page["end_of_stream"] is True


def test_events_carry_the_texts_of_comments_with_the_bugs_address():
    world = small_world(400)
    world.store.tracker_url = "http://tracker.test"
    with zendesk(world) as site:
        asked = {"include": "comment_events", "per_page": 200}
        pages = follow(site, "incremental/ticket_events.json", "ticket_events", **asked)
        children = [child for page in pages for row in page for child in row["child_events"]]
        texts = [child["body"] for child in children if child["event_type"] == "Comment"]
        assert any("http://tracker.test/mozilla-demo/seamonkey/issues/" in text for text in texts)
        assert not any("{bug:" in text for text in texts)


def test_events_without_the_sideload_tell_only_that_there_was_a_comment():
    with zendesk() as site:
        page = site.get("incremental/ticket_events", start_time=0)
        children = [child for row in page["ticket_events"] for child in row["child_events"]]
        assert any(child.get("comment_present") for child in children)
        assert not any("body" in child for child in children)


def test_an_event_that_comes_late_is_stamped_after_what_was_already_served():
    world = small_world()
    with zendesk(world) as site:
        page = site.get("incremental/ticket_events", start_time=0)
        ticket = world.store.tickets[site.open_ticket()]
        late = world.store.say(ticket, START.replace(year=2025), by=-1, body="Late", public=False)
        assert late.at.timestamp() >= page["end_time"]


def test_clocks_of_tickets_start_and_stop_and_users_have_a_timed_export_too():
    with zendesk(small_world(200)) as site:
        rows = site.get("incremental/ticket_metric_events", start_time=0)["ticket_metric_events"]
        tickets = site.account.site.store.tickets.values()
        solved = {one.id for one in tickets if one.solved_at and one.status != "deleted"}
        ended = {
            row["ticket_id"]
            for row in rows
            if (row["metric"], row["type"]) == ("resolution_time", "fulfill")
        }
        late = {one.id for one in tickets if one.solved_at and one.solved_at > site.clock.at}
        assert ended and solved - late >= ended
        assert len({row["id"] for row in rows}) == len(rows)
        keys = "id ticket_id metric instance_id type time deleted"
        assert all(set(row) == set(keys.split()) for row in rows)
        users = site.get("incremental/users", start_time=0)
        assert users["end_of_stream"] is True
        cursor = site.get("incremental/users/cursor", start_time=0)["users"]
        assert {row["id"] for row in users["users"]} == {row["id"] for row in cursor}
