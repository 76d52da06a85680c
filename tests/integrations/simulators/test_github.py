"""The simulated repository behaves as GitHub's schema and field reports say."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from integrations.simulators.github.repo import REPO_ID
from integrations.simulators.world import World
from tests.integrations.simulators.callers import GitHub, github, small_world

HOME = "/repos/mozilla-demo/seamonkey"
ALL: dict[str, Any] = {"state": "all", "sort": "updated", "direction": "asc", "per_page": 100}


def walk(site: GitHub, **more: Any) -> list[dict[str, Any]]:
    answer = site.client.get(f"{HOME}/issues", params=ALL | more)
    rows: list[dict[str, Any]] = answer.json()
    while "next" in answer.links:
        answer = site.client.get(answer.links["next"]["url"])
        rows += answer.json()
    return rows


def gone(world: World, way: str) -> int:
    world.advance(world.end)
    return next(bug.id for bug in world.store.bugs.values() if bug.gone == way)


def test_a_walk_by_links_meets_every_issue_and_some_pull_requests():
    with github() as site:
        rows = walk(site, per_page=97)
        issues = [row for row in rows if "pull_request" not in row]
        assert {row["number"] for row in issues} == set(site.host.repo.store.bugs)
        assert len(issues) == 1076
        assert len(rows) - len(issues) > 20
        assert [row["updated_at"] for row in rows] == sorted(row["updated_at"] for row in rows)


def test_the_next_address_uses_the_repositorys_number():
    with github() as site:
        answer = site.client.get(f"{HOME}/issues")
        assert len(answer.json()) == 30
        assert all(row["state"] == "open" for row in answer.json())
        assert f"/repositories/{REPO_ID}/issues?" in answer.links["next"]["url"]


def test_since_is_inclusive():
    with github() as site:
        moment = walk(site)[-50]["updated_at"]
        found = walk(site, since=moment)
        assert found[0]["updated_at"] == moment
        assert site.client.get(f"{HOME}/issues", params={"since": "x"}).status_code == 422


def test_an_issue_changed_late_is_stamped_after_what_was_already_served():
    world = small_world()
    with github(world) as site:
        newest = walk(site)[-1]["updated_at"]
        world.advance(world.end, stamp=world.start.replace(year=2021))
        changed = [bug for bug in world.store.bugs.values() if bug.assignees and not bug.gone]
        listed = {row["number"] for row in walk(site, since=newest)}
        assert changed
        assert {bug.id for bug in changed} <= listed


def test_pages_beyond_ten_thousand_rows_are_refused_with_422():
    with github() as site:
        answer = site.client.get(f"{HOME}/issues", params={"per_page": 100, "page": 101})
        assert answer.status_code == 422
        assert "large datasets" in answer.json()["message"]


def test_states_and_reasons_follow_the_published_resolution():
    with github() as site:
        rows = {row["number"]: row for row in walk(site)}
        assert rows[1606681]["state_reason"] == "completed"
        reasons = {row["state_reason"] for row in rows.values()}
        assert reasons == {"completed", "not_planned", "duplicate", None}
        assert all((row["state"] == "closed") == bool(row["closed_at"]) for row in rows.values())


def test_labels_are_objects_with_area_and_on_a_part_severity():
    with github() as site:
        names = [{one["name"] for one in row["labels"]} for row in walk(site)]
        assert all(isinstance(one["id"], int) for one in walk(site)[0]["labels"])
        rated = [bool(found & {"S1", "S2", "S3", "S4"}) for found in names]
        assert 0.4 < sum(rated) / len(rated) < 0.7
        assert sum(any(name.startswith("area:") for name in found) for found in names) == 1076


def test_an_unchanged_answer_is_304_and_a_changed_one_is_not():
    with github() as site:
        tag = site.client.get(f"{HOME}/issues/1606681").headers["etag"]
        header = {"if-none-match": tag}
        same = site.client.get(f"{HOME}/issues/1606681", headers=header)
        assert (same.status_code, same.content) == (304, b"")
        site.client.post(f"{HOME}/issues/1606681/labels", json={"labels": ["seen"]})
        assert site.client.get(f"{HOME}/issues/1606681", headers=header).status_code == 200


def test_only_the_older_version_has_the_single_assignee():
    with github() as site:
        for version, has in (("2022-11-28", True), ("2026-03-10", False)):
            headers = {"x-github-api-version": version}
            row = site.client.get(f"{HOME}/issues/1606681", headers=headers).json()
            assert ("assignee" in row) is has
        headers = {"x-github-api-version": "1999-01-01"}
        assert site.client.get(f"{HOME}/issues", headers=headers).status_code == 400


@pytest.mark.parametrize("way, code", [("deleted", 410), ("hidden", 404), ("moved", 301)])
def test_what_left_is_not_listed_and_says_how_it_left(way, code):
    world = small_world()
    number = gone(world, way)
    with github(world) as site:
        assert number not in {row["number"] for row in walk(site)}
        answer = site.client.get(f"{HOME}/issues/{number}")
        assert answer.status_code == code
        if way == "moved":
            there = site.client.get(answer.headers["location"])
            assert there.json()["number"] != number


def test_a_spent_limit_is_403_with_nothing_remaining_and_a_missing_right_is_not():
    with github(per_hour=3, can_write=False) as site:
        denied = site.client.post(f"{HOME}/issues/1606681/labels", json={"labels": ["x"]})
        assert denied.status_code == 403
        assert denied.headers.get("x-ratelimit-remaining") != "0"
        answers = [site.client.get("/user") for _ in range(4)]
        assert [one.status_code for one in answers] == [200, 200, 200, 403]
        assert answers[-1].headers["x-ratelimit-remaining"] == "0"
        site.clock.at += timedelta(hours=1, seconds=1)
        assert site.client.get("/user").status_code == 200


def test_a_wrong_token_is_401_and_without_one_nothing_can_be_written():
    with github() as site:
        wrong = {"authorization": "Bearer wrong"}
        assert httpx.get(f"{site.url}/user", headers=wrong, trust_env=False).status_code == 401
        address = f"{site.url}{HOME}/issues/1606681"
        assert httpx.patch(address, json={"state": "open"}, trust_env=False).status_code == 403


def test_write_backs_change_the_issue_and_move_its_stamp():
    with github() as site:
        address = f"{HOME}/issues/1606681"
        before = site.client.get(address).json()
        site.client.patch(address, json={"state": "open"})
        row = site.client.get(address).json()
        assert (row["state"], row["state_reason"], row["closed_at"]) == ("open", "reopened", None)
        assert row["updated_at"] > before["updated_at"]
        site.client.patch(address, json={"state": "closed", "state_reason": "not_planned"})
        assert site.client.get(address).json()["state_reason"] == "not_planned"
        assert site.client.delete(f"{address}/labels/area%3Abrowser").status_code in (200, 404)
        assert site.client.delete(f"{address}/labels/nonsense").status_code == 404
        made = site.client.post(f"{address}/comments", json={"body": "Fixed for 12 customers"})
        assert made.status_code == 201
        assert site.client.get(f"{address}/comments").json()[-1]["body"].startswith("Fixed")


def test_labels_are_silently_dropped_from_a_patch_without_push_right():
    with github() as site:
        site.host.repo.settings.can_write = False
        address = f"{HOME}/issues/1606681"
        assert site.client.patch(address, json={"labels": []}).status_code == 403
        assert site.client.get(address).json()["labels"]


def test_an_issues_page_shows_the_report_escaped_and_says_that_it_is_simulated():
    world = small_world()
    world.store.bugs[1606681].title = "<script>alert(1)</script>"
    with github(world) as site:
        page = site.client.get("/mozilla-demo/seamonkey/issues/1606681").text
        assert "simulated" in page
        assert "<script>" not in page
