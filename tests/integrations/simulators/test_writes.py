"""Writes: tags add, replace or remove; races are refused; closed tickets stay closed."""

from collections.abc import Iterator

import pytest

from tests.integrations.simulators.callers import Zendesk, zendesk


@pytest.fixture
def site() -> Iterator[Zendesk]:
    with zendesk() as served:
        yield served


def tags(site: Zendesk, number: int) -> set[str]:
    return set(site.account.site.store.tickets[number].tags)


def test_put_adds_post_replaces_and_delete_removes_tags(site):
    number = site.open_ticket()
    address, before = f"/api/v2/tickets/{number}/tags.json", tags(site, number)
    added = site.client.put(address, json={"tags": ["one", "two"]})
    assert added.status_code == 200
    assert set(added.json()["tags"]) == before | {"one", "two"}
    removed = site.client.delete(address, params={"tags": "two"})
    assert removed.status_code == 200
    assert tags(site, number) == before | {"one"}
    body = site.client.request("DELETE", address, json={"tags": ["one"]})
    assert set(body.json()["tags"]) == before
    replaced = site.client.post(address, json={"tags": ["alone"]})
    assert replaced.status_code == 201
    assert tags(site, number) == {"alone"}


def test_a_write_based_on_old_data_is_refused_with_409(site):
    number = site.open_ticket()
    address = f"/api/v2/tickets/{number}"
    stamp = site.get(f"tickets/{number}")["ticket"]["updated_at"]
    guarded = {"tags": ["mine"], "updated_stamp": stamp, "safe_update": "true"}
    site.client.put(address, json={"ticket": {"priority": "high"}})
    assert site.client.put(f"{address}/tags", json=guarded).status_code == 409
    assert "mine" not in tags(site, number)
    guarded["updated_stamp"] = site.get(f"tickets/{number}")["ticket"]["updated_at"]
    assert site.client.put(f"{address}/tags", json=guarded).status_code == 200


def test_every_write_moves_both_stamps_and_shows_in_the_export(site):
    number = site.open_ticket()
    before = site.get(f"tickets/{number}")["ticket"]
    site.client.put(f"/api/v2/tickets/{number}", json={"ticket": {"status": "solved"}})
    after = site.get(f"tickets/{number}")["ticket"]
    assert after["updated_at"] > before["updated_at"]
    assert after["generated_timestamp"] > before["generated_timestamp"]
    site.clock.move(seconds=61)
    assert site.exported()[-1]["id"] == number


def test_a_private_comment_stays_private_and_one_without_a_word_is_public(site):
    number = site.open_ticket()
    address = f"/api/v2/tickets/{number}"
    for comment in ({"body": "Inside", "public": False}, {"body": "Outside"}):
        site.client.put(address, json={"ticket": {"comment": comment}})
    told = site.get(f"tickets/{number}/comments")["comments"]
    assert [(one["plain_body"], one["public"]) for one in told[-2:]] == [
        ("Inside", False),
        ("Outside", True),
    ]


def test_a_closed_ticket_refuses_every_write(site):
    tickets = site.account.site.store.tickets
    number = next(one.id for one in tickets.values() if one.status == "closed")
    for address, body in (
        (f"/api/v2/tickets/{number}", {"ticket": {"tags": []}}),
        (f"/api/v2/tickets/{number}/tags", {"tags": ["late"]}),
    ):
        answer = site.client.put(address, json=body)
        assert answer.status_code == 422
        assert answer.json()["error"] == "RecordInvalid"


def test_values_that_do_not_exist_change_nothing(site):
    number = site.open_ticket()
    before = site.get(f"tickets/{number}")["ticket"]
    for wish in ({"status": "fixed"}, {"priority": "top"}, {"comment": {"body": ""}}):
        address = f"/api/v2/tickets/{number}"
        answer = site.client.put(address, json={"ticket": {"tags": ["half"], **wish}})
        assert answer.status_code == 422
    assert site.get(f"tickets/{number}")["ticket"] == before


def test_solving_and_reopening_is_counted_in_the_metrics(site):
    number = site.open_ticket()
    for status in ("solved", "open"):
        site.client.put(f"/api/v2/tickets/{number}", json={"ticket": {"status": status}})
    figures = site.get(f"tickets/{number}/metrics")["ticket_metric"]
    assert figures["solved_at"] is None
    assert figures["reopens"] >= 1


def test_losing_its_tag_clears_the_dropdown(site):
    store = site.account.site.store
    number = next(one.id for one in store.tickets.values() if one.area and one.status == "open")
    site.client.post(f"/api/v2/tickets/{number}/tags", json={"tags": ["other"]})
    row = site.get(f"tickets/{number}")["ticket"]
    assert not any(str(field["value"]).startswith("area_") for field in row["custom_fields"])


def test_a_new_ticket_can_be_made_and_is_exported(site):
    made = site.client.post("/api/v2/tickets", json={"ticket": {"comment": {"body": "Hello"}}})
    assert made.status_code == 201
    site.clock.move(seconds=61)
    assert site.exported()[-1]["id"] == made.json()["ticket"]["id"]
    older = {"subject": "Hi", "description": "Said in the older way"}
    told = site.client.post("/api/v2/tickets", json={"ticket": older}).json()["ticket"]
    said = site.get(f"tickets/{told['id']}/comments")["comments"]
    assert [one["plain_body"] for one in said] == ["Said in the older way"]


def test_the_statistics_keep_every_write_with_its_body(site):
    number = site.open_ticket()
    site.client.put(f"/api/v2/tickets/{number}/tags.json", json={"tags": ["seen"]})
    writes = site.client.get("/__stats").json()["writes"]
    assert writes == [
        {"method": "PUT", "path": f"/api/v2/tickets/{number}/tags", "body": {"tags": ["seen"]}}
    ]
