"""Whole walks over a simulated account, with faults, ties, restarts and closed doors."""

from datetime import timedelta

import pytest

from integrations.contract import CustomerRecord, Rating, TicketMention, TicketRecord
from integrations.errors import Denied, Misconfigured
from tests.integrations.zendesk.account import Account


def read(zendesk, stream="tickets", position="", kind=TicketRecord):
    pages = list(zendesk.pages(stream, position))
    assert [strange for page in pages for strange in page.rejected] == []
    records = [row for page in pages for row in page.records if isinstance(row, kind)]
    return records, pages[-1].position if pages else position


def in_pages_of(zendesk, rows):
    zendesk.exports.per_page = rows


def shown(found):
    def moment(at):
        return at and at.strftime("%Y-%m-%dT%H:%M:%SZ")

    return {
        "id": int(found.external_id),
        "status": found.status,
        "tags": sorted(found.tags),
        "subject": found.subject,
        "updated_at": moment(found.updated_at),
        "created_at": moment(found.created_at),
        "solved_at": moment(found.solved_at),
        "organization_id": int(found.customer) if found.customer else None,
        "problem_id": int(found.problem) if found.problem else None,
        "type": found.type,
        "priority": found.priority,
    }


def test_a_whole_walk_gives_exactly_the_truth():
    account = Account()
    with account.open() as zendesk:
        in_pages_of(zendesk, 50)
        found, _ = read(zendesk)
        customers, _ = read(zendesk, "organizations", kind=CustomerRecord)
        mentions, _ = read(zendesk, "comments", kind=TicketMention)
        ratings, _ = read(zendesk, "ratings", kind=Rating)
        read(zendesk, "links", kind=TicketMention)
    truth = account.truth()
    assert len(found) == len(truth) > 100
    scrubbed = {str(one.id) for one in account.world.store.tickets.values() if one.scrubbed}
    for record in found:
        if record.external_id not in scrubbed:
            assert shown(record) == truth[record.external_id]
    known = account.truth("organizations")
    assert {one.external_id for one in customers} == set(known)
    assert {one.external_id: one.arr_cents for one in customers} == {
        key: row["arr"] * 100 if row["arr"] is not None else None for key, row in known.items()
    }
    assert mentions and {mention.ticket for mention in mentions} <= set(truth)
    assert len(ratings) == len(account.world.store.ratings) > 0
    assert account.counters.limited == {}


def test_fifty_tickets_of_one_second_all_arrive_also_those_after_the_checkpoint():
    account = Account(incremental_per_minute=10_000)
    store = account.world.store
    rows = sorted(store.tickets.values(), key=lambda one: one.id)
    second = max(one.generated for one in rows) + 1
    for one in rows[:25]:
        one.generated = second
    store.version += 1
    with account.open() as zendesk:
        in_pages_of(zendesk, 7)
        found, position = read(zendesk)
        assert {one.external_id for one in found} == set(account.truth())
        late = sorted(rows, key=lambda one: one.id)[-25:]
        for one in late:
            one.generated = second
        store.version += 1
        again, _ = read(zendesk, position=position)
    assert {one.external_id for one in again} >= {str(one.id) for one in late}


@pytest.mark.parametrize("stop", range(1, 6))
def test_a_walk_that_is_killed_between_pages_goes_on_without_loss(stop):
    account = Account(incremental_per_minute=10_000)
    kept, position = set(), ""
    with account.open() as zendesk:
        in_pages_of(zendesk, 30)
        for count, page in enumerate(zendesk.pages("tickets", ""), 1):
            kept |= {row.external_id for row in page.records if isinstance(row, TicketRecord)}
            position = page.position
            if count == stop:
                break
    assert len(kept) < len(account.truth())
    with account.open() as zendesk:
        rest, _ = read(zendesk, position=position)
    assert kept | {one.external_id for one in rest} == set(account.truth())


@pytest.mark.parametrize("limit_body", ["json", "text", "edge"])
@pytest.mark.parametrize("retry_after", ["seconds", "zero", "absent"])
def test_faults_change_nothing_but_the_time_it_takes(limit_body, retry_after):
    account = Account(
        faults="429:0.1,500:0.05,truncate:0.05,html:0.03,null:0.03,reset:0.03",
        limit_body=limit_body,
        retry_after=retry_after,
    )
    with account.open() as zendesk:
        in_pages_of(zendesk, 10)
        found, _ = read(zendesk)
        customers, _ = read(zendesk, "organizations", kind=CustomerRecord)
    assert {one.external_id for one in found} == set(account.truth())
    assert {one.external_id for one in customers} == set(account.truth("organizations"))
    assert sum(account.counters.faults.values()) >= 5
    assert account.counters.limited["incremental"] == 0


@pytest.mark.parametrize("limit_body", ["json", "text", "edge"])
@pytest.mark.parametrize("retry_after", ["seconds", "zero", "absent"])
def test_a_stricter_limit_than_ours_is_waited_out(limit_body, retry_after):
    account = Account(incremental_per_minute=8, limit_body=limit_body, retry_after=retry_after)
    with account.open() as zendesk:
        in_pages_of(zendesk, 20)
        found, _ = read(zendesk)
    assert {one.external_id for one in found} == set(account.truth())
    assert account.counters.limited["incremental"] > 0


def test_a_token_that_ends_in_the_middle_of_a_walk_is_renewed():
    account = Account()
    with account.open() as zendesk:
        in_pages_of(zendesk, 60)
        found = []
        for page in zendesk.pages("tickets", ""):
            found += [row for row in page.records if isinstance(row, TicketRecord)]
            account.time.sleep(4000)
    assert {one.external_id for one in found} == set(account.truth())
    assert account.counters.requests["POST /oauth/tokens"] >= 3


def test_tokens_revoked_in_the_middle_of_a_walk_are_renewed():
    account = Account()
    with account.open() as zendesk:
        in_pages_of(zendesk, 60)
        walk = zendesk.pages("tickets", "")
        kept = list(next(walk).records)
        account.tokens.revoke_all()
        kept += [row for page in walk for row in page.records]
    found = {row.external_id for row in kept if isinstance(row, TicketRecord)}
    assert found == set(account.truth())
    assert account.counters.requests["POST /oauth/tokens"] == 2


def test_an_agent_is_denied_what_needs_an_admin_and_reads_the_rest():
    account = Account(csat="survey")
    account.world.store.agents[0].role = "agent"
    with account.open() as zendesk:
        for stream in ("organizations", "tickets", "comments", "links"):
            with pytest.raises(Denied, match="do not have access"):
                read(zendesk, stream)
        ratings, _ = read(zendesk, "ratings", kind=Rating)
        warnings = zendesk.check().warnings
    assert len(ratings) == len(account.world.store.ratings)
    assert "need an admin" in warnings[0]


def test_the_next_run_brings_only_what_changed():
    account = Account()
    with account.open() as zendesk:
        _, position = read(zendesk)
        account.time.sleep(86_400)
        account.world.advance(account.time.now - timedelta(seconds=90))
        changed, after = read(zendesk, position=position)
        nothing, last = read(zendesk, position=after)
    assert 0 < len(changed) < len(account.truth())
    truth = account.truth()
    assert all(shown(one)["status"] == truth[one.external_id]["status"] for one in changed)
    assert (nothing, last) == ([], after)


def test_a_broken_cursor_says_how_to_start_anew():
    with Account(tickets=50).open() as zendesk, pytest.raises(Misconfigured, match="--full"):
        read(zendesk, position="no-cursor")


def test_a_wrong_secret_is_the_operators_to_mend():
    refused = pytest.raises(Misconfigured, match="client_secret")
    with Account(tickets=50).open(client_secret="wrong-secret-0123") as zendesk, refused as caught:
        zendesk.check()
    assert "wrong-secret" not in str(caught.value)


def test_the_check_shows_who_we_are_and_three_tickets():
    with Account(tickets=50).open() as zendesk:
        found = zendesk.check()
    assert found.who.endswith("admin, " + found.who.rpartition(", ")[2])
    assert found.scopes and found.quota and len(found.samples) == 3
