"""Templates hold nothing that the content security policy would have to allow."""

import re

import pytest

from tests.house.tree import files, name_of

FORBIDDEN = {
    "a script of its own": r"<script(?![^>]*\bsrc=)",
    "a style sheet of its own": r"<style\b",
    "a style attribute": r"\sstyle\s*=",
    "an event attribute": r"\son[a-z]+\s*=",
    "script in an htmx attribute": r"hx-on|hx-vals\s*=\s*[\"']\s*js:|javascript:",
    "text that escapes escaping": r"\|\s*safe\b|autoescape\s+false|Markup\(",
    "an address of somebody else": r"(?:src|href)\s*=\s*[\"'](?:https?:)?//",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds(what):
    templates = files("templates", suffix=".html")
    assert len(templates) > 30
    guilty = {
        f"{name_of(path)}: {found[0]}"
        for path in templates
        for found in re.finditer(FORBIDDEN[what], path.read_text(encoding="utf-8"))
    }
    assert guilty == set()


WRITES_HTML = re.compile(
    r"\beval\(|new Function|insertAdjacentHTML|document\.write|setHTMLUnsafe|srcdoc"
    r"|\.(?:inner|outer)HTML\s*\+?=(?!=)|set(?:Timeout|Interval)\(\s*[\"'`]|createContextualFragment"
)


def test_our_own_scripts_write_no_html_and_evaluate_nothing():
    scripts = files("app/web/static/js", suffix=".js")
    assert scripts
    for path in scripts:
        text = path.read_text(encoding="utf-8")
        assert not WRITES_HTML.search(text), name_of(path)
