"""How a bug is named in a ticket, brought into the one form in which names are compared.

A name is an address (`https://host/path`), an issue id (`id:…`), a key (`proj-12`,
`owner/repo#12`) or a number with a word before it (`bug-12`).
"""

import re
from functools import lru_cache
from urllib.parse import urlsplit

MAX_NAME = 300
_WORDED = re.compile(r"^(?:bug|issue|defect|ticket)[\s:_#-]*(\d{1,18})$")
_ISSUE = re.compile(r"^https?://[^/]+/([^/]+/[^/]+)/issues/(\d{1,18})$")
_KEY = re.compile(r"^(?:[a-z0-9][a-z0-9_.-]*/[a-z0-9_.-]+|[a-z0-9][a-z0-9_.]*)[-#]\d{1,18}$")


def normal(name: str) -> str | None:
    """Return the comparable form of a name; None when it names no bug.

    Letters' case, a trailing slash, query and fragment do not matter; `Bug 12`, `bug_12` and
    `bug#12` are one name.
    """
    text = name.strip().lower()
    if not text or len(text) > MAX_NAME:
        return None
    if text.startswith(("http://", "https://")):
        return _address(text)
    if text.startswith("id:"):
        return text
    worded = _WORDED.match(text)
    if worded:
        return f"bug-{worded[1]}"
    return text if _KEY.match(text) else None


def _address(text: str) -> str | None:
    try:
        parts = urlsplit(text)
        number = re.fullmatch(r"id=(\d+)", parts.query)
    except ValueError:
        return None
    query = f"?{number[0]}" if number else ""
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}{query}"


def web_address(url: str | None) -> str | None:
    """Return an address that a reader may follow; None for what would run instead of open."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


def said_names(reference: str) -> frozenset[str]:
    """Return the names that a reference in a ticket may mean.

    An address of the form `…/owner/repo/issues/12` also says `owner/repo#12`, because the same
    tracker is often reached under several hosts.
    """
    text = reference.strip()
    # Only short ones are remembered, lest somebody's endless references fill the memory.
    return _said_names(text) if len(text) <= MAX_NAME else frozenset()


@lru_cache(maxsize=16_384)
def _said_names(reference: str) -> frozenset[str]:
    name = normal(reference)
    if name is None:
        return frozenset()
    issue = _ISSUE.search(name)
    return frozenset({name, f"{issue[1]}#{issue[2]}"} if issue else {name})


def own_names(external_id: str, key: str, names: tuple[str, ...]) -> set[str]:
    """Return every comparable name of a bug: key, addresses, id, and `bug-N` for its number.

    The number is the last run of digits of its key, so that "bug 12" finds owner/repo#12.
    """
    found = {normal(name) for name in (key, f"id:{external_id}", *names)}
    number = re.search(r"#(\d{1,18})$", key)
    if number:
        found.add(f"bug-{number[1]}")
    return {name for name in found if name}
