"""Ordinary lists: both pagings, twins with .json, search, ratings, and harmless empty pages."""

from datetime import timedelta

from integrations.simulators.zendesk.empty import EMPTY, NOUNS
from tests.integrations.simulators.callers import small_world, zendesk


def test_cursor_pages_of_any_size_meet_every_living_ticket_once():
    world = small_world(250)
    with zendesk(world) as site:
        page = site.get("tickets", **{"page[size]": 33})
        ids = [row["id"] for row in page["tickets"]]
        while page["meta"]["has_more"]:
            page = site.client.get(page["links"]["next"]).json()
            ids += [row["id"] for row in page["tickets"]]
        living = [one.id for one in world.store.tickets.values() if one.status != "deleted"]
        assert ids == sorted(living)


def test_without_a_page_size_the_offset_paging_is_silently_chosen():
    with zendesk() as site:
        page = site.get("tickets", per_page=10)
        assert "meta" not in page
        assert page["count"] > 10
        second = site.client.get(page["next_page"]).json()
        assert second["tickets"][0]["id"] > page["tickets"][-1]["id"]


def test_offset_paging_ends_at_ten_thousand_rows():
    with zendesk() as site:
        assert site.client.get("/api/v2/tickets?page=100&per_page=100").status_code == 200
        answer = site.client.get("/api/v2/tickets?page=101&per_page=100")
        assert answer.status_code == 400
        assert isinstance(answer.json()["error"], dict)
        big = site.client.get("/api/v2/tickets", params={"page[size]": 101})
        assert big.status_code == 400


def test_what_the_product_never_needs_is_an_empty_page():
    with zendesk() as site:
        for path in EMPTY:
            told = site.get(f"{path}.json")
            assert told[NOUNS.get(path, path.rsplit("/", 1)[-1])] == []
            assert told["meta"]["has_more"] is False


def test_addresses_use_the_public_base_where_one_is_set():
    with zendesk(base_url="https://support.example") as site:
        page = site.get("incremental/tickets/cursor", start_time=0, per_page=1)
        assert page["after_url"].startswith("https://support.example/api/v2/")
        assert page["tickets"][0]["url"].startswith("https://support.example/api/v2/tickets/")


def test_problems_list_their_incidents():
    world = small_world(800)
    with zendesk(world) as site:
        problem = next(one for one in site.get("problems")["tickets"] if one["has_incidents"])
        found = site.get(f"tickets/{problem['id']}/incidents")["tickets"]
        assert found
        assert {row["problem_id"] for row in found} == {problem["id"]}


def test_audits_tell_every_change_of_a_ticket():
    with zendesk() as site:
        number = site.open_ticket()
        site.client.put(f"/api/v2/tickets/{number}/tags", json={"tags": ["told"]})
        last = site.get(f"tickets/{number}/audits", per_page=100)["audits"][-1]
        assert "told" in last["child_events"][0]["tags"]


def test_an_organisation_lists_its_own_tickets():
    with zendesk() as site:
        number = next(
            one.organization
            for one in site.account.site.store.tickets.values()
            if one.organization and one.status == "open"
        )
        rows = site.get(f"organizations/{number}/tickets")["tickets"]
        assert rows
        assert {row["organization_id"] for row in rows} == {number}


def test_people_and_organisations_are_found_by_words_and_counted():
    with zendesk() as site:
        one = next(row for row in site.get("users")["users"] if row["email"])
        assert one["id"] in {
            row["id"] for row in site.get("users/search", query=one["email"])["users"]
        }
        org = site.get("organizations")["organizations"][0]
        assert site.get("organizations/search", name=org["name"])["organizations"] == [org]
        for noun in ("tickets", "users", "organizations"):
            assert site.get(f"{noun}/count")["count"]["value"] == site.get(noun)["count"]
        members = site.get(f"organizations/{org['id']}/users")["users"]
        assert {row["organization_id"] for row in members} <= {org["id"]}
        asker = site.get(f"tickets/{site.open_ticket()}")["ticket"]["requester_id"]
        asked = site.get(f"users/{asker}/tickets/requested")["tickets"]
        assert {row["requester_id"] for row in asked} == {asker}


def test_every_living_ticket_has_its_figures_in_the_list():
    with zendesk() as site:
        rows = site.get("ticket_metrics", **{"page[size]": 100})["ticket_metrics"]
        tickets = site.get("tickets", **{"page[size]": 100})["tickets"]
        assert [row["ticket_id"] for row in rows] == [row["id"] for row in tickets]


def test_show_many_leaves_out_what_is_not_there():
    with zendesk() as site:
        told = site.get("tickets/show_many", ids="1,2,999999")
        assert [row["id"] for row in told["tickets"]] == [1, 2]


def test_search_understands_status_tags_dates_and_words():
    world = small_world(400)
    with zendesk(world) as site:
        waiting = site.get("search", query="type:ticket status<solved", per_page=100)["results"]
        assert waiting
        assert not {row["status"] for row in waiting} & {"solved", "closed"}
        asked = {"query": "tags:question", "filter[type]": "ticket", "page[size]": 1000}
        found = site.get("search/export", **asked)["results"]
        assert all("question" in row["tags"] for row in found)
        day = (world.start - timedelta(days=9)).date().isoformat()
        late = site.get("search", query=f"created>{day}")["results"]
        assert all(row["created_at"] > day for row in late)
        assert site.get("search/count", query="status:nonsense")["count"] == 0


def test_only_one_of_the_two_satisfaction_systems_has_answers():
    for csat, full, empty in (
        ("legacy", "satisfaction_ratings", "guide/survey_responses"),
        ("survey", "guide/survey_responses", "satisfaction_ratings"),
    ):
        with zendesk(small_world(600), csat=csat) as site:
            assert site.get(full)[full.rsplit("/", 1)[-1]]
            assert site.get(empty)[empty.rsplit("/", 1)[-1]] == []


def test_ratings_can_be_asked_for_from_a_time_on():
    world = small_world(900)
    with zendesk(world) as site:
        since = int((world.start - timedelta(days=20)).timestamp())
        every = site.get("satisfaction_ratings")["satisfaction_ratings"]
        late = site.get("satisfaction_ratings", start_time=since)["satisfaction_ratings"]
        assert 0 <= len(late) < len(every)


def test_jira_links_have_texts_as_ids():
    world = small_world()
    world.store.jira_links.append({"id": 1, "ticket_id": "3", "issue_id": "10", "issue_key": "A-1"})
    with zendesk(world) as site:
        assert site.get("jira/links")["links"][0]["ticket_id"] == "3"
        assert site.get("jira/links", **{"filter[ticket_id]": "4"})["links"] == []


def test_unknown_addresses_and_records_answer_in_two_shapes():
    with zendesk() as site:
        assert site.client.get("/api/v2/nonsense").json()["error"] == "InvalidEndpoint"
        answer = site.client.get("/api/v2/tickets/999999.json")
        assert (answer.status_code, answer.json()["error"]) == (404, "RecordNotFound")
