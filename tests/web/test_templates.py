"""Every page can be drawn, obeys the content security policy and stays small."""

import gzip
import re
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from app.web.assets import FOLDER as STATIC
from app.web.assets import content
from app.web.rendering import TEMPLATES, render
from tests.web import given
from tests.web.given_pages import PAGES, drawn

FILES = sorted(TEMPLATES.rglob("*.html"))


class Inline(HTMLParser):
    """Collects what the content security policy would block."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        self.found += [
            name for name in names if name == "style" or name.startswith(("on", "hx-on"))
        ]
        self.found += [v for v in names.values() if v and re.match(r"\s*(javascript|js):", v, re.I)]
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(tag)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_drawn_without_inline_script_or_style(name):
    html = drawn(name)
    assert Inline(html).found == []
    assert html.count("<main") == html.count("<h1") == 1


def test_every_page_of_the_product_is_drawn_here():
    known = {template for template, _, _ in PAGES.values()}
    assert known == {str(f.relative_to(TEMPLATES)) for f in TEMPLATES.rglob("page.html")}


def test_a_picture_is_in_the_sprite_and_the_sprite_holds_no_other():
    there = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    shown = {
        icon for name in PAGES for icon in re.findall(r'icons\.svg[^#"]*#([^"]+)"', drawn(name))
    }
    assert shown <= there
    text = "".join(file.read_text() for file in FILES)
    assert [icon for icon in there if f'"{icon}"' not in text] == []


def test_what_a_stranger_wrote_is_escaped_everywhere():
    for name in PAGES:
        assert "<script>alert" not in drawn(name)
        assert "<b>it is broken" not in drawn(name)


def test_a_pushed_frame_begins_with_its_rows_so_that_the_parser_keeps_them():
    view = SimpleNamespace(
        rows=[given.row(1), given.row(2)], header=given.header(), notes=[given.note()]
    )
    frame = render("board/frame.html", view=view)
    assert frame.lstrip().startswith('<tr id="bug-1" hx-swap-oob="true"')
    assert frame.index("<tr") < frame.index('id="board-header" hx-swap-oob="true"')
    assert 'hx-swap-oob="afterbegin:#notes"' in frame


def test_the_row_of_the_page_is_the_row_of_the_stream():
    row = given.row(5)
    assert render("board/row.html", view=row) in render(
        "board/page.html", view=given.board(rows=[row]), shell=given.shell()
    )


def test_a_cold_page_weighs_less_than_100_kilobytes():
    html = drawn("board").encode()
    files = set(re.findall(r'/static/([^?"#]+)', html.decode()))
    weight = len(gzip.compress(html)) + sum(len(gzip.compress(content(file))) for file in files)
    assert len(files) > 8
    assert weight < 100 * 1024, weight


def test_all_script_of_a_page_stays_small():
    scripts = set(re.findall(r'/static/([^?"#]+[.]js)', drawn("board")))
    sent = sum(len(gzip.compress(content(file), 5)) for file in scripts)
    assert len(scripts) == 4
    assert sent <= 40 * 1024, f"{sent} bytes compressed"


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(TEMPLATES)))
def test_a_template_stays_short(file):
    assert len(file.read_text().splitlines()) <= 150
