"""What strangers write runs nothing, loads nothing and follows nobody."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.foreign_text import TAGS, markdown

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[go](javascript:alert(1))",
    "[go](JaVaScRiPt&#58;alert(1))",
    "[go](data:text/html;base64,PHNjcmlwdD4=)",
    "[go](vbscript:x)",
    "[go](//evil.example/x)",
    "![pixel](https://evil.example/p.gif)",
    "![pixel](javascript:alert(1))",
    "![a](data:image/svg+xml;base64,AAAA)",
    '[a](https://x.example "onmouseover=alert(1)")',
    "<https://x.example/'onclick=alert(1)>",
    "<javascript:alert(1)>",
    "<iframe src=https://evil.example></iframe>",
    '<a href="https://x.example" style="position:fixed">x</a>',
    "<form action=https://evil.example><button>",
    "<base href=https://evil.example>",
    "<style>*{display:none}</style>",
    "`<script>`\n\n    <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!--><script>alert(1)</script>-->",
    "[x]: javascript:alert(1)\n\n[x]",
    "| a |\n|---|\n| <b onclick=alert(1)> |",
    "\x00<scr\x00ipt>",
]


class Seen(HTMLParser):
    """Collects every tag and attribute that a browser would meet."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes = set(), []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


def harmless(html):
    seen = Seen(html)
    assert seen.tags <= TAGS
    for tag, name, value in seen.attributes:
        assert tag == "a" and name in {"href", "rel"}
        if name == "href":
            assert re.match(r"https?://", value)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_becomes_harmless(text):
    harmless(markdown(text))


@given(st.lists(st.sampled_from([*HOSTILE, "\n", "\n\n", "> ", "* ", "`", "**", "a"]), max_size=8))
def test_hostile_pieces_stay_harmless_together(pieces):
    harmless(markdown("".join(pieces)))


def test_an_image_becomes_a_link_with_its_description():
    assert markdown("![the dialog](https://x.example/a.png)") == (
        '<p><a href="https://x.example/a.png" rel="noopener nofollow ugc">'
        "image: the dialog</a></p>\n"
    )


def test_an_image_inside_a_link_does_not_nest_links():
    html = markdown("[![badge](https://x.example/b.svg)](https://x.example)")
    assert "<img" not in html and "image: badge" in html


def test_headings_keep_below_those_of_the_page():
    assert markdown("# Steps\n\n#### Deep") == "<h3>Steps</h3>\n<h3>Deep</h3>\n"


def test_plain_manners_of_reports_survive():
    html = markdown("1. write\n2. `send`\n\n> quoted\n\n**all**\nnext line")
    for part in ("<ol>", "<code>send</code>", "<blockquote>", "<strong>all</strong><br>"):
        assert part in html
