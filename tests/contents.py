"""What a database holds, table by table, to be held against what it should."""

from hashlib import sha256

from sqlalchemy import Engine, MetaData, Table, select


def rows(engine: Engine, name: str, *without: str) -> list[tuple[object, ...]]:
    """Return every row of a table in a fixed order, leaving out some columns."""
    table = Table(name, MetaData(), autoload_with=engine)
    wanted = [column for column in table.columns if column.name not in without]
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(select(*wanted))]
    return sorted(found, key=repr)


def tables(engine: Engine) -> list[str]:
    """Return the names of all tables."""
    known = MetaData()
    known.reflect(engine)
    return sorted(known.tables)


def hashes(engine: Engine) -> dict[str, str]:
    """Return a hash over the rows of each table."""
    return {name: sha256(repr(rows(engine, name)).encode()).hexdigest() for name in tables(engine)}


def counts(engine: Engine) -> dict[str, int]:
    """Count the rows of each table."""
    return {name: len(rows(engine, name)) for name in tables(engine)}
