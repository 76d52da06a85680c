"""Look for planted words in every byte that the product left behind, archives included."""

import gzip
import io
import zipfile
from pathlib import Path

from sqlalchemy import Engine, text


def hits(data: bytes, words: list[str]) -> int:
    """Count the words in some bytes or in the archive they are; case is of no matter."""
    return sum(
        layer.lower().count(word.lower().encode()) for layer in _layers(data) for word in words
    )


def _layers(data: bytes):
    yield data
    if data[:2] == b"\x1f\x8b":
        yield gzip.decompress(data)
    if data[:4] == b"PK\x03\x04":
        archive = zipfile.ZipFile(io.BytesIO(data))
        yield from (archive.read(name) for name in archive.namelist())


def in_files(folder: Path, words: list[str]) -> dict[str, int]:
    """Return the files below a folder that have one of the words, with how often."""
    found = {
        str(path.relative_to(folder)): hits(path.read_bytes(), words)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    assert found, f"there is no file in {folder} to look into"
    return {name: count for name, count in found.items() if count}


def in_database(engine: Engine, words: list[str]) -> dict[str, int]:
    """Return where in the database's own files the words are: tables, indexes, log.

    Of a PostgreSQL the write-ahead log is left out: it ages out, and the answer says so.
    """
    if engine.dialect.name == "sqlite":
        file = Path(engine.url.database or "")
        parts = [p for p in file.parent.glob(f"{file.name}*") if "erasures" not in p.name]
        assert parts
        return {p.name: n for p in parts if (n := hits(p.read_bytes(), words))}
    return _in_postgres(engine, words)


def _in_postgres(engine: Engine, words: list[str]) -> dict[str, int]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        data = Path(connection.execute(text("SHOW data_directory")).scalar_one())
        oid = connection.execute(
            text("SELECT oid FROM pg_database WHERE datname = current_database()")
        ).scalar_one()
        names: dict[str, str] = dict(
            connection.execute(
                text("SELECT pg_relation_filenode(oid)::text, relname FROM pg_class")
            ).all()
        )
    files = [path for path in (data / "base" / str(oid)).iterdir() if path.is_file()]
    assert len(files) > 50
    counted = {names.get(p.name.split(".")[0], p.name): hits(p.read_bytes(), words) for p in files}
    return {name: count for name, count in counted.items() if count}
