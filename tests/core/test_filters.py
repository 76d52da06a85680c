"""What a filter's text means, and what is said of a text that means nothing."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.core.filter_fields import readable
from app.core.filter_terms import Between, Choice, Measure, Sort, Text
from app.core.filters import mentioned, parse, picked, single, without, written_query
from app.core.permissions import Permission
from tests.core.filter_texts import texts, vocabulary

KNOWN = vocabulary()


@given(texts)
@example('"a\\')
@example("--")
@example('"-x" "a:b" "two words" x:"-y"')
@example('-"-x" -->y')
@example("sort:--rank")
@example("a:" * 60)
def test_whatever_is_written_can_be_read_written_and_read_again(text):
    query = parse(text, KNOWN)
    written = written_query(query)
    again = parse(written, KNOWN)
    assert again == query
    assert again.problems == ()
    assert written_query(again) == written


@given(texts)
def test_every_problem_says_where_it_is_and_why_and_its_mended_text_has_fewer(text):
    problems = parse(text, KNOWN).problems
    for problem in problems:
        assert 0 <= problem.start < problem.end <= len(text)
        assert problem.said.endswith((".", "…"))
        fewer = parse(problem.mended, KNOWN).problems
        assert problem.instead or len(fewer) < len(problems)


@given(texts, st.sampled_from(["state", "team", "lane"]), st.sampled_from(["", "open", "core"]))
def test_what_is_picked_is_what_the_text_says_and_nothing_else_changes(text, field, value):
    query = parse(text, KNOWN)
    again = parse(picked(query, {field: value}), KNOWN)
    if not again.problems:
        assert single(again, field) == value
        assert [t for t in query.terms if getattr(t, "field", "") != field] == [
            t for t in again.terms if getattr(t, "field", "") != field
        ]
        assert again.sort == query.sort


def test_the_example_of_the_design_is_understood_term_by_term():
    found = parse(
        "state:open team:payments area:editor score>50 waiting>90d tickets>10 tier:enterprise"
        ' owner:none -label:wontfix source:zendesk "draft lost" sort:rank',
        KNOWN,
    )
    assert found.problems == ()
    assert found.terms == (
        Choice("state", ("open",)),
        Choice("team", ("payments",)),
        Choice("area", ("editor",)),
        Measure("score", ">", (Between(50.0, 50.0),)),
        Measure("waiting", ">", (Between(timedelta(90), timedelta(90)),)),
        Measure("tickets", ">", (Between(10.0, 10.0),)),
        Choice("tier", ("enterprise",)),
        Choice("owner", ("none",)),
        Choice("label", ("wontfix",), no=True),
        Choice("source", ("zendesk",)),
        Text("draft lost"),
    )
    assert found.sort == Sort("rank")


@pytest.mark.parametrize(
    "text, term",
    [
        ("state:open,claimed", Choice("state", ("open", "claimed"))),
        ("STATE:Handed-Back", Choice("state", ("handed_back",))),
        ('label:"needs info",wontfix', Choice("label", ("needs info", "wontfix"))),
        ("label:needs-info", Choice("label", ("needs-info",))),
        ("team:CORE", Choice("team", ("core",))),
        ("rank:1..3,none", Measure("rank", ":", (Between(1.0, 3.0), Between(None, None)))),
        ("age<=3w", Measure("age", "<=", (Between(timedelta(21), timedelta(21)),))),
        ("importance:critical", Measure("importance", ":", (Between(3.0, 3.0),))),
        (
            "updated:2026-11-01..2026-11-09",
            Measure("updated", ":", (Between(date(2026, 11, 1), date(2026, 11, 9)),)),
        ),
        ("acme/app#7", Text("acme/app#7")),
        ("https://example.com/x", Text("https://example.com/x")),
        ('-"two words"', Text("two words", no=True)),
        ('"still being wri', Text("still being wri")),
    ],
)
def test_a_term_says(text, term):
    assert parse(text, KNOWN).terms == (term,)


@pytest.mark.parametrize(
    "text, word, said, mended",
    [
        ("x tem:core y", "tem", "no field “tem”", "x team:core y"),
        ("nix:core", "nix", "no field “nix”", '"nix:core"'),
        ("team:paymnts state:open", "paymnts", "no team “paymnts”", "team:payments state:open"),
        ("team:qqq state:open", "qqq", "no team “qqq”", "state:open"),
        ("-state:open,clamed", "clamed", "no state “clamed”", "-state:open,claimed"),
        ("state>open", "state>open", "takes a name", "state:open"),
        ("score:", "score:", "needs a value", ""),
        ("score:high", "high", "a number", ""),
        ("waiting:9w..2d", "9w..2d", "runs backwards", "waiting:2d..63d"),
        ("waiting:2d..2026-01-01", "2d..2026-01-01", "one kind of value", ""),
        ("score>1,2", "1,2", "one amount", ""),
        ("updated>2026-02-30", "2026-02-30", "a length of time", ""),
        ("sort:waitin", "waitin", "is ordered by one of", "sort:waiting"),
        ("sort:rank sort:age", "sort:age", "ordered by rank already", "sort:rank"),
        ("has:pr", "pr", "No source brings pull requests", ""),
    ],
)
def test_what_means_nothing_is_named_with_what_may_have_been_meant(text, word, said, mended):
    [problem] = parse(text, KNOWN).problems
    assert problem.word == word
    assert said in problem.said
    assert problem.mended == mended


def test_a_field_that_one_may_not_ask_for_is_one_that_is_not_there():
    public = vocabulary(readable(frozenset({Permission.board_read})))
    [problem] = parse("customer:Acme", public).problems
    assert problem.said == "There is no field “customer”."
    assert "Acme" not in (problem.instead or "").replace("customers:Acme", "")


def test_more_than_a_filter_holds_is_left_out_by_name():
    found = parse(" ".join(f"word{n}" for n in range(9)), KNOWN)
    assert len(found.terms) == 8
    assert "up to 8 words" in found.problems[0].said


def test_a_term_can_be_taken_out_and_only_fields_with_names_are_read():
    text = "state:open -team:core score>5 -sort:score"
    query = parse(text, KNOWN)
    assert mentioned(text) == {"state", "team"}
    assert written_query(without(query, query.terms[1])) == "state:open score>5 -sort:score"
    assert written_query(without(query, query.sort)) == "state:open -team:core score>5"
