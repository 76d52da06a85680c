"""The journal of erasures as a file, so that it outlives the database it was written in.

A first line with the sealed key of the pseudonyms, then a line for each erasure.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from app.core.errors import Invalid

Entry = Mapping[str, Any]
FIELDS = ("kind", "subject", "by", "at")


def beside(engine: Engine) -> Path | None:
    """Return where the journal of a SQLite file lies; None: the database is no file."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return None
    file = Path(engine.url.database)
    return file.with_name(f"{file.name}.erasures.jsonl")


def lines(sealed_key: str, entries: Sequence[Entry]) -> Iterator[str]:
    """Give the journal line by line."""
    yield json.dumps({"pseudonym_key": sealed_key})
    for entry in entries:
        yield json.dumps({name: entry[name] for name in FIELDS})


def write(file: Path, sealed_key: str, entries: Sequence[Entry]) -> None:
    """Replace the journal, whole or not at all."""
    partial = file.with_name(f"{file.name}.part")
    with partial.open("w", encoding="utf-8") as opened:
        opened.writelines(line + "\n" for line in lines(sealed_key, entries))
        opened.flush()
        os.fsync(opened.fileno())
    partial.chmod(0o600)
    os.replace(partial, file)


def read(file: Path) -> tuple[str, list[Entry]]:
    """Return the sealed key and the entries of a journal."""
    try:
        first, *rest = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line]
        return str(first["pseudonym_key"]), [{name: e[name] for name in FIELDS} for e in rest]
    except (ValueError, KeyError, TypeError):
        raise Invalid(f"{file} is not a journal of erasures; nothing was replayed.") from None
