"""The real bugs: SeaMonkey's public reports, read from the data folder and put into areas."""

import csv
import gzip
import re
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from integrations.simulators.chance import some, stream
from integrations.simulators.model import Bug, Reason, Remark

DATA = Path(__file__).parent / "data" / "seamonkey"
COPY_OFFSET = 10_000_000
AREAS = {
    "security": r"certificate|password|secur|ssl|tls|signing|encrypt|hash|phish|privacy",
    "calendar": r"calendar|lightning|address ?book|contact|ldap|vcard",
    "composer": r"composer|editor|table|cell|html source|publish|compose window",
    "mail": r"mail|message|imap|pop3|smtp|folder|attach|inbox|spam|junk|newsgroup|filter|rss|feed",
    "download": r"download|save (as|page|file)|savlink",
    "update": r"updat|upgrade|install|migrat|startup|profile|release|version|add-?on|extension",
    "interface": r"toolbar|theme|menu|button|\btabs?\b|sidebar|window|dialog|icon|font|dark|locale|"
    r"shortcut|scrollbar|preferences|pref\b",
}
INTERNAL = re.compile(
    r"\bport\b|build|compil|\bbug \d|configure|remove|cleanup|clean up|typo|l10n|\[de\]|\bde:|help|"
    r"release notes|test|rename|refactor|include|rust|python|gcc|clang|visual studio|\bVS20|doc\b|"
    r"wiki|mozconfig|mach |comm-|\.xul|\.jsm|\.cpp|\.js\b",
    re.IGNORECASE,
)
REASONS: dict[str, Reason] = {"FIXED": "completed", "DUPLICATE": "duplicate"}


@cache
def read_rows() -> list[dict[str, str]]:
    """The reports as they were published."""
    with gzip.open(DATA / "bugs.jsonl.gz", "rb") as lines:
        rows = [msgspec.json.decode(line) for line in lines]
    return [{str(key): str(value) for key, value in row.items()} for row in rows]


@cache
def read_duplicates() -> dict[int, int]:
    """Bug → the bug it repeats (the lower number of each published pair)."""
    found: dict[int, int] = {}
    with (DATA / "duplicates.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            ids = [row["Issue id"], *row["Duplicate id"].split(",")]
            first, *others = sorted(int(text) for text in ids if text.strip())
            found |= dict.fromkeys(others, first)
    return found


@cache
def area_of(title: str) -> str:
    """The part of the product a title points at; whatever names a site is the browser's."""
    lowered = title.lower()
    if re.match(r"(https?://|www\.|[\w-]+(\.[\w-]+)+ - )", lowered):
        return "browser"
    for area, pattern in AREAS.items():
        if re.search(pattern, lowered):
            return area
    return "browser"


@cache
def is_internal(title: str) -> bool:
    """Developers' own chores: no customer ever writes about them."""
    return INTERNAL.search(title) is not None


def _labels(seed: int, number: int, area: str) -> list[str]:
    chance = stream(seed, f"label:{number}")
    labels = ["bug", f"area:{area}"]
    if some(chance, 0.55):
        labels.append(chance.choices(("S1", "S2", "S3", "S4"), (6, 24, 50, 20))[0])
    return labels


def _remarks(number: int, target: int | None, at: datetime) -> list[Remark]:
    if target is None:
        return []
    return [Remark(number * 10, at, "triage-desk", f"Duplicate of #{target}")]


def _bug(row: dict[str, str], seed: int, duplicates: dict[int, int]) -> Bug:
    number, title = int(row["Issue id"]), row["Summary"]
    area, resolution = area_of(title), row["Resolution"]
    created = datetime.fromisoformat(row["Created"])
    changed = datetime.fromisoformat(row["Resolved"]) if row["Resolved"] else created
    target = duplicates.get(number) if resolution == "DUPLICATE" else None
    fields: dict[str, Any] = {}
    if resolution:
        old = changed.year == 2020 and changed.month < 7
        reason = None if old else REASONS.get(resolution, "not_planned")
        fields = {"reason": reason, "closed_at": changed, "duplicate_of": target}
    return Bug(
        id=number,
        title=title,
        body=row["Description"],
        reporter=f"reporter-{number % 211}",
        area=area,
        labels=_labels(seed, number, area),
        created_at=created,
        updated_at=max(created, changed),
        open=not resolution,
        remarks=_remarks(number, target, changed),
        **fields,
    )


def load_bugs(seed: int, *, before: datetime, count: int | None) -> list[Bug]:
    """The bugs reported before an instant; a larger `count` than there are adds marked copies."""
    duplicates = read_duplicates()
    every = [_bug(row, seed, duplicates) for row in read_rows()]
    known = [_as_of(bug, before) for bug in every if bug.created_at < before]
    if count is None or not known:
        return known
    if count <= len(known):
        chosen = stream(seed, "bugs").sample(known, count)
        return sorted(chosen, key=lambda bug: bug.id)
    return [_copy(known[n % len(known)], n // len(known)) for n in range(count)]


def _as_of(bug: Bug, instant: datetime) -> Bug:
    """A bug as it stood then: what ended later was still open."""
    if bug.closed_at is None or bug.closed_at < instant:
        return replace(bug, updated_at=min(bug.updated_at, instant))
    return replace(
        bug,
        open=True,
        reason=None,
        closed_at=None,
        duplicate_of=None,
        remarks=[],
        updated_at=bug.created_at,
    )


def _copy(bug: Bug, turn: int) -> Bug:
    if turn == 0:
        return bug
    number = bug.id + turn * COPY_OFFSET
    title = f"{bug.title} (copy {turn})"
    return replace(bug, id=number, title=title, labels=[*bug.labels], remarks=[], duplicate_of=None)
