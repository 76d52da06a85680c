"""Bulk updates: a queue, its bounds, and rows that fail alone."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integrations.simulators.callers import Zendesk, zendesk


@pytest.fixture
def site() -> Iterator[Zendesk]:
    with zendesk(most_jobs=3) as served:
        yield served


def ask(site: Zendesk, ids: list[int], **wish) -> dict[str, Any]:
    address = "/api/v2/tickets/update_many.json"
    query = {"ids": ",".join(map(str, ids))}
    answer = site.client.put(address, params=query, json={"ticket": wish})
    return {"code": answer.status_code, "headers": answer.headers, **answer.json()}


def test_a_job_is_queued_then_working_then_completed(site):
    number = site.open_ticket()
    job = ask(site, [number], additional_tags=["bulk"])["job_status"]
    assert (job["status"], job["progress"], job["results"]) == ("queued", None, None)
    states = [site.get(f"job_statuses/{job['id']}")["job_status"] for _ in range(3)]
    assert [one["status"] for one in states] == ["queued", "completed", "completed"]
    assert states[-1]["message"].startswith("Completed at 2026-")
    assert "bulk" in site.account.site.store.tickets[number].tags


def test_adding_tags_in_bulk_keeps_the_others(site):
    number = site.open_ticket()
    before = set(site.account.site.store.tickets[number].tags)
    ask(site, [number], additional_tags=["bulk"])
    site.clock.move(seconds=3)
    site.get("job_statuses")
    assert set(site.account.site.store.tickets[number].tags) == before | {"bulk"}


def test_rows_that_cannot_be_changed_fail_alone(site):
    tickets = site.account.site.store.tickets.values()
    closed = next(one.id for one in tickets if one.status == "closed")
    job = ask(site, [site.open_ticket(), closed, 999_999], remove_tags=["x"])["job_status"]
    site.clock.move(seconds=3)
    results = site.get(f"job_statuses/{job['id']}")["job_status"]["results"]
    assert [one["success"] for one in results] == [True, False, False]


def test_more_than_a_hundred_tickets_are_too_many(site):
    told = ask(site, list(range(1, 102)), status="solved")
    assert (told["code"], told["error"], told["max_count"]) == (400, "TooManyValues", 100)


def test_a_full_queue_refuses_until_its_jobs_are_done(site):
    for _ in range(3):
        assert ask(site, [1], additional_tags=["x"])["code"] == 200
    told = ask(site, [1], additional_tags=["x"])
    assert (told["code"], told["error"]) == (429, "TooManyJobs")
    assert "zendesk-ratelimit-inflight-jobs" in told["headers"]
    site.clock.move(seconds=3)
    assert ask(site, [1], additional_tags=["x"])["code"] == 200
