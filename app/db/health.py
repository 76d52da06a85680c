"""Whether the database answers, takes writes, and keeps what it has acknowledged."""

from collections.abc import Iterator

from sqlalchemy import Engine, text

COMMIT_LOCAL = (
    "synchronous_commit is {}: the last claims may be lost in a crash or a failover; "
    "set it to on in PostgreSQL"
)
HIDDEN = "standbys cannot be seen; grant pg_monitor to Bugsprint's user in PostgreSQL"
MISSING = (
    "synchronous_standby_names wants {}, but none is connected: every write waits until one is; "
    "start the standby, or take it out of the setting"
)
ASYNCHRONOUS = (
    "only asynchronous standbys ({}): acknowledged claims may be lost at a failover; "
    "set synchronous_standby_names"
)
ALONE = (
    "no synchronous standby: what is acknowledged lives on one machine until it is "
    "copied; set synchronous_standby_names when you run a standby"
)


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


def replication(engine: Engine) -> Iterator[tuple[str, str]]:
    """Say what a PostgreSQL could lose at a failover although it was acknowledged."""
    if engine.dialect.name != "postgresql":
        return
    with engine.connect() as connection:
        setting = str(connection.execute(text("SHOW synchronous_commit")).scalar_one())
        wanted = str(connection.execute(text("SHOW synchronous_standby_names")).scalar_one())
        found = connection.execute(
            text("SELECT application_name, sync_state FROM pg_stat_replication")
        )
        standbys = {str(name): state for name, state in found}
    if setting in {"off", "local"}:
        yield "warn", COMMIT_LOCAL.format(setting)
    elif any(state in {"sync", "quorum"} for state in standbys.values()):
        yield "ok", f"a synchronous standby ({', '.join(standbys)}) has every acknowledged claim"
    elif wanted and None in standbys.values():
        yield "warn", HIDDEN
    elif wanted:
        yield "bad", MISSING.format(wanted)
    elif standbys:
        yield "warn", ASYNCHRONOUS.format(", ".join(standbys))
    else:
        yield "warn", ALONE
