"""The walk over issues brings each of them, whatever happens meanwhile, and then rests."""

from datetime import timedelta

import httpx
import pytest

from integrations.errors import Denied, Misconfigured, PartlyDenied, Unavailable, Unreadable
from tests.integrations.github.fake import (
    HOST,
    T0,
    TOKEN,
    Clock,
    Fake,
    Limits,
    connected,
    item,
    stamp,
    walked,
)


@pytest.fixture
def fake():
    return Fake()


def ids(count):
    return {str(9000 + n) for n in range(1, count + 1)}


def test_a_full_walk_brings_exactly_every_issue(fake):
    fake.fill(*(item(n) for n in range(1, 358)))
    found, _, pages = walked(connected(fake))
    assert found.keys() == ids(357)
    assert len(pages) == 4


def test_issues_changed_during_the_walk_are_not_missed(fake):
    fake.fill(*(item(n) for n in range(1, 502)))
    late = T0 + timedelta(days=9)

    def touch(count):
        if count == 2:
            fake.fill(*(item(n, at=late, title="touched") for n in (3, 40, 77)))

    fake.between = touch
    found, _, _ = walked(connected(fake))
    assert found.keys() == ids(501)
    assert found["9003"].title == "touched"


def test_issues_of_one_second_that_span_pages_are_all_brought(fake):
    fake.fill(*(item(n, at=T0) for n in range(1, 351)), *(item(n) for n in range(351, 500)))
    found, _, _ = walked(connected(fake))
    assert found.keys() == ids(499)
    assert any(request.url.path.startswith("/repositories/") for request in fake.asked)


def test_more_issues_than_page_numbers_reach_are_all_brought(fake):
    fake.fill(*(item(n) for n in range(1, 10_251)))
    found, _, _ = walked(connected(fake))
    assert found.keys() == ids(10_250)


def test_a_server_that_ignores_since_is_read_by_its_links():
    fake = Fake(honours_since=False)
    fake.fill(*(item(n) for n in range(1, 451)))
    found, _, _ = walked(connected(fake))
    assert found.keys() == ids(450)
    assert len(fake.asked) == 6


def test_the_whole_list_is_asked_for_and_pull_requests_are_left_out(fake):
    fake.fill(item(1), item(2, state="closed"), item(3, pull_request={"url": "x"}))
    found, _, _ = walked(connected(fake))
    assert found.keys() == ids(2)
    query = fake.asked[0].url.params
    assert (query["state"], query["sort"], query["direction"]) == ("all", "updated", "asc")
    assert fake.asked[0].headers["x-github-api-version"] == "2022-11-28"


def test_an_unchanged_repository_costs_one_request_and_no_page(fake):
    fake.fill(*(item(n) for n in range(1, 120)))
    source = connected(fake)
    _, position, _ = walked(source)
    _, position, _ = walked(source, position)
    before = len(fake.asked)
    _, same, pages = walked(source, position)
    assert (pages, same) == ([], position)
    assert len(fake.asked) == before + 1
    assert "if-none-match" in fake.asked[-1].headers


def test_a_change_after_rest_is_brought(fake):
    fake.fill(item(1), item(2))
    source = connected(fake)
    position = ""
    for _ in range(3):
        _, position, _ = walked(source, position)
    fake.fill(item(1, at=T0 + timedelta(days=1), title="changed"))
    found, _, _ = walked(source, position)
    assert found["9001"].title == "changed"


def test_the_etag_is_kept_only_with_the_rows_it_speaks_of(fake):
    fake.fill(item(1), item(2))
    source = connected(fake)
    _, position, _ = walked(source)
    list(source.pages("issues", position))  # read, but its position was never stored
    found, _, _ = walked(source, position)
    assert found.keys() >= {"9002"}


def test_a_poll_cut_off_between_pages_does_not_pass_for_an_unchanged_one(fake):
    fake.fill(*(item(n, at=T0) for n in range(1, 151)))
    source = connected(fake)
    _, position, _ = walked(source)
    cut_off_at = next(source.pages("issues", position)).position
    assert walked(source, cut_off_at)[0].keys() == ids(150)


def test_two_minutes_before_the_last_change_are_read_again_by_githubs_clock(fake):
    fake.fill(item(1, at=T0))
    clock = Clock()
    clock.now = T0 + timedelta(days=400)
    source = connected(fake, clock)
    _, position, _ = walked(source)
    walked(source, position)
    assert fake.asked[-1].url.params["since"] == stamp(T0 - timedelta(minutes=2))


def test_a_walk_cut_off_between_pages_equals_a_clean_one(fake):
    fake.fill(*(item(n) for n in range(1, 358)))
    pages = connected(fake).pages("issues", "")
    first = [next(pages), next(pages)]
    rest, _, _ = walked(connected(fake), first[-1].position)
    kept = {record.external_id: record for page in first for record in page.records}
    assert {**kept, **rest} == walked(connected(fake))[0]
    assert len(rest) < 200


@pytest.mark.parametrize("position", ["nonsense", "[]", '{"acme/web": 3}'])
def test_a_foreign_position_reads_from_the_start(fake, position):
    fake.fill(item(1))
    assert walked(connected(fake), position)[0].keys() == ids(1)


def test_a_refused_token_in_mid_walk_ends_it_with_the_position_of_the_last_page(fake):
    fake.fill(*(item(n) for n in range(1, 250)))
    pages = connected(fake).pages("issues", "")
    first = next(pages)
    fake.answers["/repos/acme/web/issues"] = lambda request: httpx.Response(401, json={})
    with pytest.raises(Misconfigured, match="401"):
        next(pages)
    del fake.answers["/repos/acme/web/issues"]
    rest, _, _ = walked(connected(fake), first.position)
    assert ids(249) - {record.external_id for record in first.records} <= rest.keys()


def test_a_limit_is_waited_for_and_a_missing_permission_is_not(fake):
    fake.fill(item(1))
    clock = Clock()
    limited = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(T0.timestamp()) + 30)}
    answers = [httpx.Response(403, json={"message": "limit"}, headers=limited)]

    def first_limited(request):
        return answers.pop() if answers else fake._list(request, "acme/web")

    fake.answers["/repos/acme/web/issues"] = first_limited
    assert walked(connected(fake, clock))[0].keys() == ids(1)
    assert sum(clock.slept) >= 30
    fake.answers["/repos/acme/web/issues"] = lambda request: httpx.Response(
        403, json={"message": "Resource not accessible"}, headers={"x-ratelimit-remaining": "9"}
    )
    with pytest.raises(Misconfigured, match="Resource not accessible"):
        walked(connected(fake, clock))


def test_a_long_limit_is_handed_back_with_its_seconds(fake):
    limited = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(T0.timestamp()) + 1800)}
    fake.answers["/repos/acme/web/issues"] = lambda r: httpx.Response(403, json={}, headers=limited)
    with pytest.raises(Unavailable) as caught:
        walked(connected(fake))
    assert caught.value.retry_after == pytest.approx(1800)


def test_a_next_page_on_another_host_is_refused_and_the_token_stays_here(fake):
    fake.fill(item(1, at=T0))
    link = {"link": '<https://evil.example/issues?page=2>; rel="next"'}
    fake.answers["/repos/acme/web/issues"] = lambda r: httpx.Response(
        200, json=[item(1, at=T0)], headers=link
    )
    with pytest.raises(Unreadable) as caught:
        walked(connected(fake))
    assert {request.url.host for request in fake.asked} == {"api.github.com"}
    assert TOKEN not in str(caught.value)


def test_a_list_that_names_the_same_next_page_twice_ends(fake):
    link = {"link": f'<{HOST}/repositories/0/issues?page=2>; rel="next"'}
    for path in ("/repos/acme/web/issues", "/repositories/0/issues"):
        fake.answers[path] = lambda r: httpx.Response(200, json=[item(1, at=T0)], headers=link)
    with pytest.raises(Unreadable, match="twice"):
        walked(connected(fake))
    assert len(fake.asked) < 8


def test_a_renamed_repository_is_followed(fake):
    fake.fill(item(1), item(2))
    fake.answers["/repos/acme/web/issues"] = lambda r: httpx.Response(
        301, headers={"location": f"{HOST}/repositories/0/issues"}, json={"message": "Moved"}
    )
    assert walked(connected(fake))[0].keys() == ids(2)
    assert fake.asked[-1].url.params["state"] == "all"


def test_a_closed_repository_keeps_no_other_away_but_is_told(fake):
    fake.fill(item(1, repo="acme/app"), repo="acme/app")
    source = connected(fake, repo="web, app")
    pages = source.pages("issues", "")
    assert [record.key for record in next(pages).records] == ["acme/app#1"]
    with pytest.raises(PartlyDenied, match="does not show us acme/web"):
        next(pages)


def test_when_every_repository_is_closed_the_operator_is_told_of_each(fake):
    with pytest.raises(Misconfigured, match=r"us acme/web.*us acme/app") as caught:
        walked(connected(fake, repo="web,app"))
    assert not isinstance(caught.value, Denied)


def test_issues_switched_off_are_told(fake):
    fake.answers["/repos/acme/web/issues"] = lambda r: httpx.Response(410, json={})
    with pytest.raises(Misconfigured, match="switched off in acme/web"):
        walked(connected(fake))


def test_an_answer_that_is_no_list_is_unreadable(fake):
    fake.answers["/repos/acme/web/issues"] = lambda r: httpx.Response(200, json={"items": []})
    with pytest.raises(Unreadable, match="unknown shape"):
        walked(connected(fake))


def test_each_request_takes_a_slot_of_its_host(fake):
    fake.fill(*(item(n) for n in range(1, 150)))
    limits = Limits()
    walked(connected(fake, limits=limits, requests_per_minute=30))
    assert limits.asked == [("github:api.github.com", 30)] * len(fake.asked)
