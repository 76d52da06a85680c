"""The report's page as a file that needs nothing beside it."""

import logging
import re
from importlib import import_module

from app.core.errors import Invalid
from app.views.reports.impact import Impact
from app.web.assets import content
from app.web.rendering import render

STYLE = re.compile(r'<link rel="stylesheet" href="/static/([\w./-]+)\?[^"]*"([^>]*)>')
SCRIPT = re.compile(r"<script src=[^>]*></script>\s*")
ICON = re.compile(r'<link rel="icon"[^>]*>\s*')
PICTURE = re.compile(r'<svg\b[^>]*>\s*<use href="/static/[^>]*>\s*</svg>')
ALONE = "<style>body { display: block } main { margin: auto; max-width: 1000px }</style></head>"
CHROME = re.compile(
    r'<a class="skip".*?</a>|<header class="top".*?</header>|<nav\b.*?</nav>'
    r'|<p class="screen-only">.*?</p>',
    re.DOTALL,
)


def as_html(report: Impact, base_url: str) -> str:
    """Return the page with its styles inside; what only works on a server leads there."""
    page = render("impact/page.html", view=report, shell=None)
    for pattern in (SCRIPT, ICON, CHROME, PICTURE):
        page = pattern.sub("", page)
    page = STYLE.sub(_inlined, page).replace("</head>", ALONE)
    return page.replace('href="/', f'href="{base_url}/')


def as_pdf(report: Impact, base_url: str) -> bytes:
    """Return the page as PDF; needs the optional part `pdf`."""
    try:
        weasyprint = import_module("weasyprint")
    except (ImportError, OSError):
        raise Invalid(
            "PDF needs an optional part: install it with `pip install weasyprint`, "
            "or take --format html and print that."
        ) from None
    # It tells of every rule for screens that paper does not need.
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    made: bytes = weasyprint.HTML(string=as_html(report, base_url)).write_pdf()
    return made


def _inlined(link: re.Match[str]) -> str:
    style = content(link[1]).decode()
    media = ' media="print"' if "print" in link[2] else ""
    return f"<style{media}>\n{style}</style>"
