"""Jira links and ratings, which not every plan has."""

from datetime import UTC, datetime

import httpx
import pytest

from integrations.contract import Rating, Reference, TicketMention
from integrations.errors import Denied, Unreadable
from integrations.zendesk.records import ulid_time
from tests.integrations.zendesk.desk import Desk

LINKS = "/api/v2/jira/links"
LEGACY = "/api/v2/satisfaction_ratings"
SURVEYS = "/api/v2/guide/survey_responses"
AT = datetime(2026, 10, 1, 10, tzinfo=UTC)


def test_links_name_a_bug_by_its_lasting_id_and_its_key():
    more = {"meta": {"has_more": True, "after_cursor": "n2"}}
    first = {"links": [{"id": 1, "ticket_id": "4", "issue_id": "10001", "issue_key": "ABC-1"}]}
    rows = [
        {"id": 2, "ticket_id": 5, "issue_id": 10002, "issue_key": None},
        {"id": 3, "ticket_id": "6", "issue_id": None, "issue_key": None},
        {"id": 4},
    ]
    desk = Desk({LINKS: [first | more, {"links": rows, "meta": {"has_more": False}}]})
    pages = desk.pages("links")
    assert [record for page in pages for record in page.records] == [
        TicketMention("4", (Reference("id:10001", "jira_link"), Reference("ABC-1", "jira_link"))),
        TicketMention("5", (Reference("id:10002", "jira_link"),)),
    ]
    assert [page.position for page in pages] == ["n2", ""]
    assert len(pages[1].rejected) == 1
    assert desk.params(LINKS)[1] == {"page[size]": "100", "page[after]": "n2"}


def test_a_list_whose_cursor_stands_still_does_not_loop():
    same = {"links": [], "meta": {"has_more": True, "after_cursor": "n2"}}
    with pytest.raises(Unreadable, match="does not move on"):
        Desk({LINKS: [same]}).pages("links")


@pytest.mark.parametrize("status", [403, 404])
def test_links_that_are_closed_to_us_are_denied(status):
    with pytest.raises(Denied):
        Desk({LINKS: [httpx.Response(status)]}).pages("links")


def legacy(number, score, **more):
    return {
        "id": number,
        "ticket_id": 4,
        "score": score,
        "created_at": "2026-10-01T10:00:00Z",
    } | more


def survey(*answers, **more):
    subjects = [{"type": "ticket", "id": "4", "zrn": "zen:ticket:4"}]
    return {
        "id": "01K6FHZ1G0ABCDEFGHJKMNPQRS",
        "subjects": subjects,
        "answers": list(answers),
    } | more


def test_the_older_ratings_are_read_and_unanswered_questions_left_out():
    rows = [legacy(1, "good"), legacy(2, "bad_with_comment"), legacy(3, "offered"), {"id": None}]
    desk = Desk({LEGACY: [{"satisfaction_ratings": rows}], SURVEYS: [httpx.Response(403)]})
    first, last = desk.pages("ratings")
    assert [(found.external_id, found.score) for found in first.records] == [
        ("1", "good"),
        ("2", "bad"),
    ]
    assert first.records[0] == Rating(
        ticket="4", external_id="1", score="good", system="legacy", at=AT
    )
    assert (len(first.rejected), last.position) == (1, str(int(AT.timestamp())))


def test_surveys_are_read_with_the_time_in_their_id():
    skipped = {"type": "skipped", "rating_category": None}
    answer = {"type": "rating_scale", "rating": 4, "rating_category": "good"}
    rows = [survey(skipped, answer), survey(answer, subjects=[]), survey({"type": "open_ended"})]
    desk = Desk({LEGACY: [httpx.Response(404)], SURVEYS: [{"survey_responses": rows}]})
    first, _ = desk.pages("ratings")
    (found,) = first.records
    assert (found.ticket, found.score, found.system) == ("4", "good", "survey")
    assert found.at == ulid_time(rows[0]["id"]) and found.at.year == 2025


def test_only_when_both_systems_are_closed_ratings_are_denied():
    desk = Desk({LEGACY: [httpx.Response(403)], SURVEYS: [httpx.Response(404)]})
    with pytest.raises(Denied):
        desk.pages("ratings")


def test_the_next_run_asks_seven_days_back_in_seconds_and_in_milliseconds():
    empty: dict[str, list[str]] = {"satisfaction_ratings": [], "survey_responses": []}
    desk = Desk({LEGACY: [empty], SURVEYS: [empty]})
    assert desk.pages("ratings", "2000000")[-1].position == "2000000"
    assert desk.params(LEGACY)[0]["start_time"] == str(2000000 - 604800)
    assert desk.params(SURVEYS)[0]["filter[created_at_start]"] == str((2000000 - 604800) * 1000)


def test_the_first_run_asks_from_the_wanted_day_on():
    empty: dict[str, list[str]] = {"satisfaction_ratings": [], "survey_responses": []}
    desk = Desk({LEGACY: [empty], SURVEYS: [empty]}, start="2026-10-01")
    assert desk.pages("ratings")[-1].position == ""
    assert desk.params(LEGACY)[0]["start_time"] == "1790812800"


@pytest.mark.parametrize("text", ["", "short", "0" * 25 + "!", "!" * 26, "Z" * 26])
def test_what_is_no_ulid_has_no_time(text):
    assert ulid_time(text) in (None, datetime(1970, 1, 1, tzinfo=UTC))
