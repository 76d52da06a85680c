"""Words, numbers and addresses in pages."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from jinja2 import UndefinedError

from app.core.preferences import Preferences
from app.core.sentences import counted
from app.web import assets, rendering
from app.web.rendering import asset, day, days, money, number, percent, points, time, word
from tests.web.given import board, note, shell


def test_numbers_have_their_thousands_apart():
    assert number(1234567) == "1,234,567"
    assert points(12.345) == "12.3"
    assert percent(0.425) == "42 %"
    assert counted(1, "ticket") == "1 ticket"
    assert counted(1304, "ticket") == "1,304 tickets"
    assert counted(2, "person", "people") == "2 people"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0"),
        (999, "999"),
        (999.9, "1 k"),
        (340_000, "340 k"),
        (999_999, "1 M"),
        (1_240_000, "1.2 M"),
        (3e9, "3 bn"),
        (-1_500_000, "-1.5 M"),
    ],
)
def test_money_is_short(amount, text):
    assert money(amount) == text


def test_a_length_of_time_is_days_and_after_three_years_years():
    assert [days(0.5), days(12), days(412), days(1500)] == ["0.5 d", "12 d", "412 d", "4.1 y"]


def test_a_day_is_written_without_a_leading_nought():
    assert day(date(2026, 11, 2)) == "2 Nov 2026"


LATE = datetime(2026, 11, 12, 1, 30, tzinfo=timezone(timedelta(hours=3)))


def test_an_instant_is_shown_in_utc_whatever_its_zone():
    late = LATE
    assert time(late) == (
        '<time datetime="2026-11-11T22:30:00Z" title="11 Nov 2026, 22:30 UTC">11 Nov 22:30</time>'
    )
    assert day(late) == "11 Nov 2026"


@pytest.mark.parametrize(
    ("zone", "title", "text"),
    [
        ("Asia/Tokyo", "12 Nov 2026, 07:30 Asia/Tokyo", "12 Nov 07:30"),
        ("America/St_Johns", "11 Nov 2026, 19:00 America/St_Johns", "11 Nov 19:00"),
        ("", "11 Nov 2026, 22:30 UTC", "11 Nov 22:30"),
    ],
)
def test_an_instant_is_shown_in_the_readers_zone_also_in_parts_that_do_not_know_it(
    zone, title, text
):
    shown = shell(preferences=Preferences(zone=zone))
    notes = [note(at=LATE)]
    page = rendering.render("board/page.html", view=board(notes=notes), shell=shown)
    assert f'<time datetime="2026-11-11T22:30:00Z" title="{title}">{text}</time>' in page
    assert rendering.stamp(LATE) == "11 Nov 2026, 22:30 UTC"
    assert "22:30</time>" in rendering.render("frame/note.html", view=notes[0])


def test_a_zone_that_this_machine_does_not_know_any_more_is_shown_as_utc():
    assert rendering.zone("Mars/Olympus") is UTC
    assert rendering.zone("../etc/passwd") is UTC


def test_words_of_the_vocabulary_are_written_for_people():
    assert word("own_lingering") == "own lingering"
    assert word("wontfix") == "won’t fix"


def test_an_address_of_a_static_file_changes_with_its_content(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "FOLDER", tmp_path)
    (tmp_path / "a.css").write_text("a{}")
    before = asset.__wrapped__("a.css")
    (tmp_path / "a.css").write_text("a{color:red}")
    assert before.startswith("/static/a.css?v=")
    assert asset.__wrapped__("a.css") != before


def test_text_is_escaped_and_a_missing_field_is_an_error():
    problem = {"status": 409, "title": "“<b>Export</b>” was claimed by Ana."}
    html = rendering.render("refused.html", view=problem)
    assert "&lt;b&gt;Export&lt;/b&gt;" in html and "<b>Export" not in html
    with pytest.raises(UndefinedError):
        rendering.render("refused.html", view={})


def test_a_neutral_fragment_has_the_same_bytes_every_time():
    note = {"id": 1, "bug_id": None, "text": "Ana", "at": datetime(2026, 1, 5, tzinfo=UTC)}
    first = rendering.render("frame/note.html", view=note)
    assert first == rendering.render("frame/note.html", view=note)
    assert "ago" not in first
