"""Show text that strangers wrote: Markdown without raw HTML, then only harmless tags."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup

TAGS = {"p", "br", "b", "i", "em", "strong", "code", "pre", "a"}
TAGS |= {"ul", "ol", "li", "blockquote", "h3"}
LIMIT = 50_000
"""Characters that are shown at most; what is longer can be read at its source."""


def markdown(text: str) -> Markup:
    """Return foreign Markdown as HTML that runs nothing and loads nothing."""
    shown = _parser().render(text[:LIMIT])
    return Markup(  # noqa: S704  (cleaned just here)
        nh3.clean(
            shown,
            tags=TAGS,
            attributes={"a": {"href"}},
            url_schemes={"http", "https"},
            link_rel="noopener nofollow ugc",
            attribute_filter=_only_addresses,
        )
    )


def _only_addresses(_tag: str, name: str, value: str) -> str | None:
    """Keep whole web addresses only: a relative one would point into our own pages."""
    whole = value.lower().startswith(("https://", "http://"))
    return value if name == "rel" or (name == "href" and whole) else None


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("js-default", {"html": False, "breaks": True})
    parser.core.ruler.push("quiet", _quiet)
    return parser


def _quiet(state: StateCore) -> None:
    """Put every heading just below the page's own, and turn images into links."""
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h3"
        if token.children:
            token.children = [made for child in token.children for made in _without_image(child)]


def _without_image(token: Token) -> list[Token]:
    if token.type != "image":
        return [token]
    opened = Token("link_open", "a", 1, attrs={"href": str(token.attrs.get("src", ""))})
    text = Token("text", "", 0, content=f"image: {token.content or 'untitled'}")
    return [opened, text, Token("link_close", "a", -1)]
