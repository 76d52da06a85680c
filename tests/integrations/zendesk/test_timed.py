"""The time-based exports of organisations and comments."""

import httpx
import pytest

from integrations.contract import Reference, TicketMention
from integrations.errors import Misconfigured, Unreadable
from tests.integrations.zendesk.desk import Desk

ORGANIZATIONS = "/api/v2/incremental/organizations"
EVENTS = "/api/v2/incremental/ticket_events"


class Clockwork:
    """Organisations as Zendesk exports them: a page holds all rows of its last second."""

    def __init__(self, seconds, per_page):
        self.rows = sorted((second, number) for number, second in enumerate(seconds))
        self.per_page = per_page
        self.starts = []

    def __call__(self, request):
        start = int(request.url.params["start_time"])
        self.starts.append(start)
        later = [row for row in self.rows if row[0] >= start]
        end = later[min(self.per_page, len(later)) - 1][0] if later else start
        page = [row for row in later if row[0] <= end]
        body = {
            "organizations": [{"id": n + 1, "updated_at": f"t{second}"} for second, n in page],
            "end_time": end,
            "end_of_stream": len(page) == len(later),
            "next_page": f"https://acme.zendesk.com{ORGANIZATIONS}?start_time={end}",
            "count": len(page),
        }
        return httpx.Response(200, json=body)


def walk(clockwork, position=""):
    return Desk({ORGANIZATIONS: clockwork}).pages("organizations", position)


@pytest.mark.parametrize(
    "seconds, per_page",
    [
        ([100] * 2500 + [101] * 10, 1000),
        ([100] * 50 + [200] * 50, 10),
        ([100] * 1000 + [101], 1000),
        (list(range(100, 150)), 7),
        ([], 1000),
    ],
    ids=["2,500 in a second", "ties", "exactly a page", "spread", "none"],
)
def test_every_organisation_arrives_exactly_once_and_the_walk_ends(seconds, per_page):
    clockwork = Clockwork(seconds, per_page)
    pages = walk(clockwork)
    found = [record.external_id for page in pages for record in page.records]
    assert sorted(found, key=int) == [str(n + 1) for n in range(len(seconds))]
    assert len(clockwork.starts) <= len(set(seconds)) * 2 + 1
    assert clockwork.starts == sorted(set(clockwork.starts))


def test_rows_that_arrive_in_the_last_second_after_the_checkpoint_are_not_lost():
    clockwork = Clockwork([100] * 25, 1000)
    position = walk(clockwork)[-1].position
    clockwork.rows += [(100, 25 + n) for n in range(25)]
    found = {record.external_id for page in walk(clockwork, position) for record in page.records}
    assert found >= {str(26 + n) for n in range(25)}


@pytest.mark.parametrize("end", [90, 100, None])
def test_an_export_that_stands_still_does_not_loop(end):
    body = {"organizations": [], "end_time": end, "end_of_stream": False, "next_page": "x"}
    desk = Desk({ORGANIZATIONS: [body]})
    with pytest.raises(Unreadable, match="end_time stands still"):
        desk.pages("organizations", "100")


def test_too_recent_means_nothing_new_and_any_other_refusal_a_bad_position():
    said = {"error": "InvalidValue", "description": "Too recent start_time. Use an older one"}
    desk = Desk({ORGANIZATIONS: [httpx.Response(422, json=said)]})
    assert desk.pages("organizations", "100") == []
    desk = Desk({ORGANIZATIONS: [httpx.Response(422, json={"error": "InvalidValue"})]})
    with pytest.raises(Misconfigured, match="--full"):
        desk.pages("organizations", "100")
    with pytest.raises(Misconfigured, match="--full"):
        Desk().pages("organizations", "no number")


def test_comments_give_the_bugs_they_name_and_not_a_word_of_their_text():
    def comment(**said):
        return {"event_type": "Comment", **said}

    rows = [
        {"id": 1, "ticket_id": 4, "child_events": [comment(body="Secret plan, see bug 123456.")]},
        {"id": 2, "ticket_id": 5, "child_events": [comment(body="Nothing here.")]},
        {"id": 3, "ticket_id": 6, "child_events": [{"event_type": "Change", "body": "bug 99"}]},
        {"id": 4, "ticket_id": 7, "child_events": None},
        {"id": 5, "child_events": []},
        {
            "id": 6,
            "ticket_id": 8,
            "child_events": [comment(plain_body="at https://bugs.example/x/77. or ABC-9")],
        },
    ]
    desk = Desk({EVENTS: [{"ticket_events": rows, "end_time": 500, "end_of_stream": True}]})
    (page,) = desk.pages("comments")
    assert page.records == [
        TicketMention("4", (Reference("bug 123456", "text"),)),
        TicketMention(
            "8", (Reference("https://bugs.example/x/77", "url"), Reference("ABC-9", "text"))
        ),
    ]
    assert (page.position, len(page.rejected)) == ("500", 1)
    assert desk.params(EVENTS)[0]["include"] == "comment_events"
