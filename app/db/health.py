"""Whether the database answers, takes writes, and keeps what it has acknowledged."""

from collections.abc import Iterator

from sqlalchemy import Engine, text


def reach(engine: Engine) -> None:
    """Ask the database for something; raises what stands in the way."""
    with engine.execution_options(readonly=True).connect() as connection:
        connection.execute(text("SELECT 1"))


def write(engine: Engine) -> None:
    """Write something and take it back."""
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE bugsprint_doctor (one INTEGER)"))
        connection.execute(text("INSERT INTO bugsprint_doctor VALUES (1)"))
        connection.rollback()


def replication_hints(engine: Engine) -> Iterator[str]:
    """Say what a PostgreSQL could lose at a failover although it was acknowledged."""
    if engine.dialect.name != "postgresql":
        return
    with engine.connect() as connection:
        setting = str(connection.execute(text("SHOW synchronous_commit")).scalar_one())
        standbys = str(connection.execute(text("SHOW synchronous_standby_names")).scalar_one())
    if setting == "off":
        yield (
            "synchronous_commit is off: the last claims may be lost in a crash; "
            "set it to on in PostgreSQL"
        )
    elif not standbys:
        yield (
            "no synchronous standby: what is acknowledged lives on one machine until it is "
            "copied; set synchronous_standby_names when you run a standby"
        )
