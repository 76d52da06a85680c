"""Small HTML pages, so that links from the product to the simulated systems lead somewhere."""

from collections.abc import Mapping
from html import escape

from starlette.responses import HTMLResponse

STYLE = (
    "body{font:16px/1.5 system-ui;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "pre{white-space:pre-wrap}"
)


def page(title: str, facts: Mapping[str, object], texts: list[str], notice: str) -> HTMLResponse:
    """A title, a list of facts, some texts, and what this page really is."""
    rows = "".join(
        f"<li>{escape(name)}: {escape(str(value))}</li>" for name, value in facts.items()
    )
    blocks = "".join(f"<pre>{escape(text)}</pre>" for text in texts)
    return HTMLResponse(
        f"<!DOCTYPE html><html lang=en><title>{escape(title)}</title><style>{STYLE}</style>"
        f"<p>{escape(notice)}</p><h1>{escape(title)}</h1><ul>{rows}</ul>{blocks}</html>"
    )
