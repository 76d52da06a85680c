"""The incremental exports behave as recorded traffic and the reference say."""

from datetime import timedelta

from integrations.simulators.zendesk.export import decode_cursor
from tests.integrations.simulators.callers import START, small_world, zendesk

TICKET_KEYS = (
    "id url created_at updated_at generated_timestamp subject raw_subject description status "
    "priority type tags custom_fields fields via requester_id submitter_id assignee_id group_id "
    "organization_id problem_id has_incidents external_id due_at recipient satisfaction_rating "
    "collaborator_ids follower_ids email_cc_ids followup_ids sharing_agreement_ids forum_topic_id "
    "brand_id ticket_form_id custom_status_id is_public allow_channelback allow_attachments "
    "from_messaging_channel"
)
ORGANIZATION_KEYS = (
    "id url name external_id details notes domain_names organization_fields tags group_id "
    "shared_tickets shared_comments created_at updated_at"
)
USER_KEYS = (
    "id url name email role role_type custom_role_id active permanently_deleted suspended verified "
    "organization_id default_group_id external_id alias details notes phone photo signature locale "
    "locale_id time_zone iana_time_zone last_login_at tags user_fields ticket_restriction "
    "two_factor_auth_enabled moderator only_private_comments report_csv restricted_agent shared "
    "shared_agent shared_phone_number created_at updated_at"
)
TICKET, ORGANIZATION, USER = (set(k.split()) for k in (TICKET_KEYS, ORGANIZATION_KEYS, USER_KEYS))


def test_rows_have_exactly_the_recorded_keys():
    assert (len(TICKET), len(ORGANIZATION), len(USER)) == (39, 14, 38)
    with zendesk() as site:
        page = site.get("incremental/tickets/cursor", start_time=0, include="users,organizations")
        assert all(set(row) == TICKET for row in page["tickets"])
        assert all(set(row) == ORGANIZATION for row in page["organizations"])
        assert all(set(row) == USER for row in page["users"])


def test_a_walk_in_odd_pages_meets_every_ticket_once_in_export_order():
    with zendesk() as site:
        rows = site.exported(per_page=7)
        places = [(row["generated_timestamp"], row["id"]) for row in rows]
        assert places == sorted(places)
        assert {row["id"] for row in rows} == set(site.account.site.store.tickets)
        assert len(rows) == len({row["id"] for row in rows})


def test_the_cursor_has_the_recorded_form_and_next_addresses_can_be_followed():
    with zendesk() as site:
        page = site.get("incremental/tickets/cursor.json", start_time="0.0", per_page=5)
        last = page["tickets"][-1]
        assert decode_cursor(page["after_cursor"]) == (last["generated_timestamp"], last["id"])
        assert page["after_url"].startswith(f"{site.url}/api/v2/incremental/tickets/cursor.json?")
        assert page["end_of_stream"] is False


def test_fifty_rows_of_one_second_of_which_half_come_later_are_all_met():
    world = small_world()
    with zendesk(world) as site:
        site.clock.move(minutes=5)
        tickets = list(world.store.tickets.values())[:50]
        second = site.clock() - timedelta(seconds=90)
        for ticket in tickets[::2]:
            world.store.touch(ticket, second)
        *_, last = site.walk(start_time=0, per_page=10)
        for ticket in tickets[1::2]:
            world.store.touch(ticket, second)
        more = site.get("incremental/tickets/cursor", cursor=last["after_cursor"])
        site.clock.move(minutes=2)
        more = site.get("incremental/tickets/cursor", cursor=last["after_cursor"])
        assert {row["id"] for row in more["tickets"]} == {one.id for one in tickets[1::2]}


def test_the_last_minute_is_left_out_until_it_has_passed():
    with zendesk() as site:
        *_, last = site.walk(start_time=0)
        number = site.open_ticket()
        site.client.put(f"/api/v2/tickets/{number}/tags", json={"tags": ["fresh"]})
        again = site.get("incremental/tickets/cursor", cursor=last["after_cursor"])
        assert again["tickets"] == []
        assert again["end_of_stream"] is True
        assert again["after_cursor"] == last["after_cursor"]
        site.clock.move(seconds=61)
        again = site.get("incremental/tickets/cursor", cursor=last["after_cursor"])
        assert [row["id"] for row in again["tickets"]] == [number]


def test_a_start_in_the_last_minute_is_refused_with_422():
    with zendesk() as site:
        now = int(site.clock().timestamp())
        for path in ("tickets/cursor", "users/cursor", "organizations", "ticket_events"):
            address = f"/api/v2/incremental/{path}.json"
            answer = site.client.get(address, params={"start_time": now - 30})
            assert answer.status_code == 422
            assert answer.json()["description"].startswith("Too recent start_time")


def test_a_start_may_be_a_float_or_an_iso_time_and_nonsense_is_refused():
    with zendesk() as site:
        late = START - timedelta(days=3)
        for start in (str(late.timestamp()), late.isoformat()):
            page = site.get("incremental/tickets/cursor", start_time=start)
            assert all(row["generated_timestamp"] >= late.timestamp() for row in page["tickets"])
        for path in ("start_time=soon", "cursor=soon", "start_time=0&per_page=none"):
            answer = site.client.get(f"/api/v2/incremental/tickets/cursor?{path}")
            assert answer.status_code == 400


def test_deleted_tickets_come_as_tombstones_unless_they_are_left_out():
    world = small_world(1800)
    world.advance(world.end)
    with zendesk(world, at=world.end + timedelta(days=1)) as site:
        gone = [row for row in site.exported() if row["status"] == "deleted"]
        assert len(gone) >= 4
        scrubbed = [row for row in gone if row["subject"] == "SCRUBBED"]
        assert scrubbed
        assert scrubbed[0]["description"] == "X"
        assert scrubbed[0]["tags"] == []
        kept = site.exported(exclude_deleted="true")
        assert not {row["id"] for row in gone} & {row["id"] for row in kept}
        assert site.client.get(f"/api/v2/tickets/{gone[0]['id']}").status_code == 404


def test_system_updates_move_only_the_export_stamp():
    with zendesk(small_world(400)) as site:
        rows = site.exported()
        stamps = [(row["generated_timestamp"], row["updated_at"]) for row in rows]
        later = [at for at, updated in stamps if at > _epoch(updated)]
        assert all(at >= _epoch(updated) for at, updated in stamps)
        assert 0.3 < len(later) / len(rows) < 0.8


def _epoch(text: str) -> float:
    return START.fromisoformat(text).timestamp()


def test_metric_sets_sit_in_the_tickets_and_missing_users_are_simply_absent():
    world = small_world(600)
    with zendesk(world) as site:
        page = site.get("incremental/tickets/cursor", start_time=0, include="users,metric_sets")
        solved = next(row for row in page["tickets"] if row["status"] == "solved")
        assert solved["metric_set"]["solved_at"]
        known = {user["id"] for user in page["users"]}
        assert {row["requester_id"] for row in page["tickets"]} - known


def test_only_an_administrator_may_export():
    with zendesk() as site:
        site.account.site.store.agents[0].role = "agent"
        answer = site.client.get("/api/v2/incremental/tickets/cursor?start_time=0")
        assert answer.status_code == 403
        assert isinstance(answer.json()["error"], dict)
