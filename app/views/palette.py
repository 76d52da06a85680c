"""Where one can go by a few words: pages, bugs, teams."""

from collections.abc import Collection

from pydantic import BaseModel
from sqlmodel import Session

from app.db.queries import palette as finding

MOST = 20


class Place(BaseModel):
    """Something that can be gone to; `keys` go there at once."""

    kind: str
    name: str
    more: str
    address: str
    keys: str = ""


class Places(BaseModel):
    """What was found for some words."""

    q: str
    rows: list[Place]


PAGES = (
    ("Board", "/board", "g b", ""),
    ("Tickets", "/tickets", "g t", "ticket.read"),
    ("Teams", "/teams", "g m", ""),
    ("Plan", "/s/{slug}/plan", "g s", ""),
    ("Impact", "/s/{slug}/impact", "g i", ""),
    ("Ranking", "/ranking", "g r", ""),
    ("Sprints", "/sprints", "", ""),
    ("Outbox", "/outbox", "", "outbox.approve"),
    ("Sources", "/sources", "g o", "source.write"),
    ("People", "/people", "", "user.write"),
    ("Privacy", "/privacy", "", "retention.write"),
    ("Audit", "/audit", "g a", "audit.read"),
    ("My page", "/me", "g y", ""),
    ("My last actions", "/me/actions", "g u", ""),
    ("Keys", "/keys", "?", ""),
)


def pages_for(slug: str | None, can: Collection[str]) -> list[Place]:
    """Return the pages that somebody may open."""
    return [
        Place(kind="page", name=name, more="", address=path.format(slug=slug), keys=keys)
        for name, path, keys, needed in PAGES
        if (not needed or needed in can) and (slug or "{slug}" not in path)
    ]


def places(db: Session, q: str, known: list[Place]) -> Places:
    """Return the pages, teams and bugs that have every word, at most twenty."""
    words = q.split()[:8]
    if not words:
        return Places(q=q, rows=known)
    named = [p for p in known if all(word.lower() in p.name.lower() for word in words)]
    found = finding.hits(db, words, limit=MOST)
    return Places(q=q, rows=[*named, *map(_place, found)][:MOST])


def _place(hit: finding.Hit) -> Place:
    if hit.kind == "team":
        board = f"/board?team={hit.key}"
        return Place(kind="team", name=hit.name, more="its bugs", address=board)
    return Place(kind="bug", name=hit.name, more=hit.key, address=f"/bugs/{hit.id}")
