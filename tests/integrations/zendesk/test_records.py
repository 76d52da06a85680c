"""What is read of a ticket, what is left out, and how strange rows are set aside."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from integrations.contract import Reference, TicketRecord
from tests.integrations.zendesk.desk import CURSOR, Desk, exported, ticket


def read(row, users=(), **options):
    desk = Desk({CURSOR: [exported(row, users=list(users))]}, **options)
    (page,) = desk.pages("tickets")
    return page


def record(row, users=(), **options):
    page = read(row, users, **options)
    assert page.rejected == []
    return page.records[0]


def test_a_full_ticket_is_read():
    found = record(
        ticket(
            4711,
            priority="high",
            type="incident",
            tags=["export", "bug-1606681"],
            organization_id=77,
            problem_id=9001,
            satisfaction_rating={"score": "good", "comment": "thanks"},
            metric_set={"solved_at": "2026-10-03T08:00:00Z", "reopens": 2, "replies": 4},
        )
    )
    assert found == TicketRecord(
        external_id="4711",
        url="https://acme.zendesk.com/agent/tickets/4711",
        subject="Ticket 4711",
        text="It hangs.",
        status="open",
        priority="high",
        type="incident",
        tags=("export", "bug-1606681"),
        customer="77",
        requester="7",
        requester_domain=None,
        problem="9001",
        created_at=datetime(2026, 10, 1, 10, tzinfo=UTC),
        updated_at=datetime(2026, 10, 2, 10, tzinfo=UTC),
        solved_at=datetime(2026, 10, 3, 8, tzinfo=UTC),
        reopens=2,
        csat="good",
        stamp=1790935200 + 4711,
        references=(Reference("bug-1606681", "tag"),),
    )


@pytest.mark.parametrize(
    "strange",
    [
        {"updated_at": "0001-01-01T00:00:00+05:00"},
        {"created_at": "9999-12-31T23:59:59-05:00"},
        {"metric_set": {"solved_at": "0001-01-01T00:00:00+05:00"}},
        {"generated_timestamp": 2**63},
        {"generated_timestamp": -1},
    ],
)
def test_a_time_that_no_database_could_keep_is_set_aside(strange):
    page = read(ticket(7, **strange))
    assert page.records == []
    assert "time" in page.rejected[0].reason


@pytest.mark.parametrize(
    "strange", [{"status": "no such"}, {"tags": "no list"}, {"created_at": "yesterday"}]
)
def test_one_strange_row_leaves_the_page_as_it_was_and_keeps_what_was_sent(strange):
    rows = [ticket(1), ticket(2, **strange), ticket(3)]
    company = {"id": 77, "name": "Acme", "updated_at": "2026-10-01T10:00:00Z"}
    desk = Desk({CURSOR: [exported(*rows, organizations=[company])]})
    (page,) = desk.pages("tickets")
    assert [each.external_id for each in page.records] == ["77", "1", "3"]
    (left,) = page.rejected
    assert (left.external_id, msgspec.json.decode(left.payload)) == ("2", rows[1])


def test_anything_but_the_id_may_be_missing_or_null_if_there_is_a_time():
    nulls = dict.fromkeys(ticket(1), None) | {"id": 1, "status": "new", "generated_timestamp": 9}
    found = record(nulls)
    assert (found.subject, found.text, found.tags, found.customer) == ("", "", (), None)
    assert (found.stamp, found.created_at) == (9, datetime(1970, 1, 1, 0, 0, 9, tzinfo=UTC))
    assert record({"id": 1, "status": "new", "generated_timestamp": 9}) == found


@pytest.mark.parametrize(
    "change",
    [
        {"id": None},
        {"id": "x"},
        {"subject": 5},
        {"status": "sleeping"},
        {"status": None},
        {"updated_at": "yesterday"},
        {"updated_at": "2026-10-02T10:00:00"},
        {"tags": "a b"},
        {"created_at": None, "updated_at": None, "generated_timestamp": None},
    ],
)
def test_a_row_that_cannot_be_read_is_set_aside_and_the_page_goes_on(change):
    desk = Desk({CURSOR: [exported(ticket(1, **change), ticket(2))]})
    (page,) = desk.pages("tickets")
    assert [found.external_id for found in page.records] == ["2"]
    (strange,) = page.rejected
    assert strange.reason and "It hangs" in strange.payload
    if change.keys().isdisjoint({"id"}):
        assert strange.external_id == "1"


def test_no_address_leaves_the_connector():
    users = [{"id": 7, "email": "Eve.Miller@Corp.Example"}]
    via = {"channel": "email", "source": {"from": {"address": "eve.miller@corp.example"}}}
    good = read(ticket(1, via=via), users)
    assert good.records[0].requester_domain == "corp.example"
    bad = read(ticket(1, via=via, status="odd"), users)
    everything = (msgspec.json.encode(good) + msgspec.json.encode(bad)).lower()
    assert b"eve.miller" not in everything


@pytest.mark.parametrize("email", ["a@gmail.com", "a@GMX.de", None, "", "broken", "a@local"])
def test_free_mail_and_broken_addresses_name_no_company(email):
    assert record(ticket(1), [{"id": 7, "email": email}]).requester_domain is None


@pytest.mark.parametrize("requester", [None, -1, 999])
def test_a_requester_may_be_unknown_absent_or_the_system(requester):
    found = record(ticket(1, requester_id=requester), [{"id": None}, {"id": 8, "email": "a@b.de"}])
    assert found.requester == ("999" if requester == 999 else None)


@pytest.mark.parametrize("subject, tags", [("Export hangs", ("bug-12",)), ("SCRUBBED", ())])
def test_deleted_tickets_keep_no_text_and_scrubbed_ones_nothing(subject, tags):
    gone = {"status": "deleted", "subject": subject, "description": "X bug 123456"}
    found = record(ticket(1, **gone, tags=["bug-12"]), [{"id": 7, "email": "a@corp.example"}])
    assert (found.status, found.subject, found.text) == ("deleted", subject, "")
    assert (found.requester, found.requester_domain, found.references) == (None, None, ())
    assert found.tags == tags


def test_the_text_is_left_out_where_it_is_not_to_be_kept_but_its_bugs_are_found():
    page = read(ticket(1, description="see bug 123456"), keep_text=False)
    assert page.records[0].text == ""
    assert page.records[0].references == (Reference("bug 123456", "text"),)
    assert read(ticket(1, status="odd"), keep_text=False).rejected[0].payload == ""


def test_an_own_status_counts_as_the_standard_one_it_belongs_to():
    statuses = {"custom_statuses": [{"id": 31, "status_category": "hold"}, {"id": 32}]}
    rows = [ticket(n, status="Waiting", custom_status_id=n) for n in (31, 32, 33, 33)]
    desk = Desk({CURSOR: [exported(*rows)], "/api/v2/custom_statuses": [statuses]})
    (page,) = desk.pages("tickets")
    assert [(found.external_id, found.status) for found in page.records] == [("31", "hold")]
    assert len(page.rejected) == 3
    assert "“Waiting”" in page.rejected[0].reason


@pytest.mark.parametrize(
    "value, refs",
    [
        ("ABC-12", ["ABC-12"]),
        (1606681, ["bug 1606681"]),
        (" 12, https://bugs.example/34 ", ["bug 12", "https://bugs.example/34"]),
        (["abc_12", None, True], ["abc_12"]),
        ("none", []),
        (None, []),
        ({"odd": 1}, []),
    ],
)
def test_bugs_named_in_the_bug_field_are_found(value, refs):
    fields = [{"id": 11, "value": "XYZ-9"}, {"id": 12, "value": value}]
    found = record(ticket(1, custom_fields=fields), bug_field=12)
    assert found.references == tuple(Reference(ref, "field") for ref in refs)


def test_the_area_field_is_added_to_the_tags_once():
    fields = [{"id": 12, "value": "calendar"}]
    assert record(ticket(1, custom_fields=fields), area_field=12).tags == ("calendar",)
    row = ticket(1, custom_fields=fields, tags=["calendar"])
    assert record(row, area_field=12).tags == ("calendar",)


@pytest.mark.parametrize(
    "score, csat", [("good", "good"), ("bad_with_comment", "bad"), ("offered", None), (None, None)]
)
def test_the_folded_rating_is_good_bad_or_nothing(score, csat):
    assert record(ticket(1, satisfaction_rating={"score": score})).csat == csat


def test_an_organisation_is_read_with_its_own_fields():
    path = "/api/v2/incremental/organizations"
    fields = {"arr": "12,000.50", "plan": "enterprise", "renewal": "2027-01-31T00:00:00Z"}
    row = {"id": 5, "name": "Acme", "domain_names": ["Acme.Example"], "organization_fields": fields}
    rows = [row, {"id": 6, "name": None, "deleted_at": "2026-01-01T00:00:00Z"}, {"name": "x"}]
    names = {"arr_field": "arr", "plan_field": "plan", "renewal_field": "renewal"}
    desk = Desk({path: [{"organizations": rows, "end_of_stream": True}]}, **names)
    (page,) = desk.pages("organizations")
    first, second = page.records
    assert (first.arr_cents, first.tier, first.renewal_on) == (
        1200050,
        "enterprise",
        date(2027, 1, 31),
    )
    assert (first.domains, first.deleted) == (("acme.example",), False)
    assert (second.name, second.deleted, len(page.rejected)) == ("Organisation 6", True, 1)
