"""What GitHub says about an issue is kept as it was meant."""

from datetime import UTC, datetime

import pytest

from integrations.contract import IssueRecord, Rejected
from integrations.github.records import issue, reading
from tests.integrations.github.fake import item

HOW = reading({}, keep_text=True)


def read(how=HOW, **more):
    found = issue(item(7, **more), how)
    assert isinstance(found, IssueRecord)
    return found


def test_an_issue_has_all_its_names():
    found = read()
    assert (found.external_id, found.key) == ("9007", "acme/web#7")
    assert found.names == (
        "https://github.com/acme/web/issues/7",
        "https://api.github.com/repos/acme/web/issues/7",
        "acme/web#7",
        "acme/web/issues/7",
        "I_7",
        "id:9007",
    )
    assert (found.assignees, found.reporter, found.labels) == (("ana",), "ben", ("bug",))


@pytest.mark.parametrize(
    ("state", "reason", "category", "how"),
    [
        ("open", None, "open", None),
        ("open", "reopened", "open", None),
        ("closed", "completed", "done", "fixed"),
        ("closed", "not_planned", "done", "wontfix"),
        ("closed", "duplicate", "done", "duplicate"),
        ("closed", None, "done", "unknown"),
        ("closed", "a later invention", "done", "unknown"),
        ("a later invention", None, "open", None),
    ],
)
def test_state_and_reason_tell_how_it_stands(state, reason, category, how):
    found = read(state=state, state_reason=reason, closed_at="2026-11-02T10:00:00Z")
    assert (found.status_raw, found.status_category, found.resolution) == (state, category, how)
    closed_at = datetime(2026, 11, 2, 10, tzinfo=UTC) if category == "done" else None
    assert found.closed_at == closed_at


def test_a_zero_date_is_no_closing_date():
    assert read(state="closed", closed_at="1970-01-01T00:00:00Z").closed_at is None


@pytest.mark.parametrize(
    ("labels", "severity"),
    [
        (["S1"], "S1"),
        ([{"name": "severity: critical"}], "S1"),
        (["Severity/Major"], "S2"),
        (["severity:minor", "s4"], "S3"),
        (["severity:trivial"], "S4"),
        (["priority:critical", "P1", "critical path"], None),
        ([], None),
        (None, None),
    ],
)
def test_severity_comes_from_labels_and_the_worst_wins(labels, severity):
    assert read(labels=labels).severity == severity


def test_labels_may_be_words_objects_or_nonsense():
    assert read(labels=["a", {"name": "b"}, {"name": None}, {}, None, 3, "a"]).labels == ("a", "b")


def test_own_severity_labels_come_on_top():
    how = reading({"Crash": "S1", "s1": "S4"}, keep_text=True)
    assert read(how, labels=["crash"]).severity == "S1"
    assert read(how, labels=["S1"]).severity == "S4"
    assert read(how, labels=["severity:major"]).severity == "S2"


def test_both_versions_of_the_api_are_read():
    newer = read(assignees=[{"login": "ana"}, {"login": "ben"}])
    older = read(assignees=None, assignee={"login": "eve"})
    assert (newer.assignees, older.assignees) == (("ana", "ben"), ("eve",))


def test_an_issue_type_is_its_name():
    assert read(type={"id": 1, "name": "Bug"}).type == "Bug"
    assert read(type=None).type is None


def test_a_deleted_author_and_an_empty_text_do_no_harm():
    found = read(user=None, body=None, assignees=None, assignee=None)
    assert (found.reporter, found.text, found.assignees) == (None, "", ())


def test_text_is_left_out_when_it_shall_not_be_kept():
    how = reading({}, keep_text=False)
    assert read(how).text == ""
    refused = issue(item(7, title=None), how)
    assert isinstance(refused, Rejected)
    assert "It hangs." not in refused.payload


def test_what_no_database_stores_is_left_out():
    assert read(title="a\0b", body="\0").title == "ab"


@pytest.mark.parametrize(
    "strange",
    [
        {**item(7), "title": None},
        {**item(7), "updated_at": "soon"},
        {**item(7), "html_url": "https://x", "url": "https://x"},
        {"id": 9007},
        "nonsense",
        None,
        [],
    ],
)
def test_a_strange_item_is_refused_alone_with_what_it_was(strange):
    found = issue(strange, HOW)
    assert isinstance(found, Rejected)
    assert "cannot be read" in found.reason


def test_a_pull_request_is_no_issue():
    assert issue(item(7, pull_request={"url": "x"}), HOW) is None
