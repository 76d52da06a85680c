"""What an import would do, before it is done."""

import msgspec

from integrations.contract import Rejected
from integrations.file.records import Record, unknown_words
from integrations.file.sheet import Sheet

SAMPLES = 3


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of the whole file; reasons and unknown words only up to the limit asked for.

    `mapped` is our field → their column; `unmapped` are columns that feed no field.
    """

    noun: str
    columns: tuple[str, ...]
    mapped: dict[str, str]
    unmapped: tuple[str, ...]
    read: int
    kept: int
    refused: int
    reasons: tuple[str, ...]
    unknown_words: tuple[str, ...]
    samples: tuple[Record, ...]


def preview(sheet: Sheet, *, noun: str, limit: int) -> Preview:
    """Read the whole sheet; list at most `limit` reasons and `limit` unknown words."""
    reasons: list[str] = []
    words: dict[str, None] = {}
    samples: list[Record] = []
    refused = 0
    for row in sheet.read():
        if isinstance(row.found, Rejected):
            refused += 1
            reasons += [row.found.reason][: max(0, limit - len(reasons))]
            continue
        samples += [row.found][: SAMPLES - len(samples)]
        if noun == "bugs" and len(words) < limit:
            words.update(dict.fromkeys(unknown_words(row.given)))
    return Preview(
        noun=noun,
        columns=sheet.all_columns,
        mapped=sheet.columns.theirs,
        unmapped=sheet.columns.unmapped,
        read=sheet.total,
        kept=sheet.total - refused,
        refused=refused,
        reasons=tuple(reasons),
        unknown_words=tuple(words)[:limit],
        samples=tuple(samples),
    )
