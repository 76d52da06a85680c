"""The report's page as a file that needs nothing beside it."""

import re
from importlib import import_module

from app.core.errors import Invalid
from app.views.reports.impact import Impact
from app.web.rendering import STATIC, render

STYLE = re.compile(r'<link rel="stylesheet" href="/static/([\w./-]+)\?[^"]*"([^>]*)>')
SCRIPT = re.compile(r"<script src=[^>]*></script>\s*")
ICON = re.compile(r'<link rel="icon"[^>]*>\s*')
CHROME = re.compile(
    r'<a class="skip".*?</a>|<header\b[^>]*class="top".*?</header>|<nav\b.*?</nav>', re.DOTALL
)


def as_html(report: Impact) -> str:
    """Return the page with its styles inside, and without what only works on a server."""
    page = render("impact/page.html", view=report, shell=None)
    for pattern in (SCRIPT, ICON, CHROME):
        page = pattern.sub("", page)
    return STYLE.sub(_inlined, page)


def as_pdf(report: Impact) -> bytes:
    """Return the page as PDF; needs the optional part `pdf`."""
    try:
        weasyprint = import_module("weasyprint")
    except (ImportError, OSError):
        raise Invalid(
            "PDF needs an optional part: install it with `pip install weasyprint`, "
            "or take --format html and print that."
        ) from None
    made: bytes = weasyprint.HTML(string=as_html(report)).write_pdf()
    return made


def _inlined(link: re.Match[str]) -> str:
    style = (STATIC / link[1]).read_text(encoding="utf-8")
    media = ' media="print"' if "print" in link[2] else ""
    return f"<style{media}>\n{style}</style>"
