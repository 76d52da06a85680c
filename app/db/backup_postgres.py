"""Copies of a PostgreSQL through its own programs, which know every version's ways."""

import shutil
import subprocess
from pathlib import Path

from sqlalchemy import Engine

from app.core.errors import Invalid
from app.db.addresses import conninfo

SECONDS = 3600


def dump(engine: Engine, file: Path) -> int:
    """Write a dump and read its list of contents back; returns how many tables have data in it."""
    # The password goes through the environment: arguments are seen by everybody on the machine.
    where, password = conninfo(engine)
    asked = ["--format=custom", "--no-owner", "--no-acl", f"--file={file}", f"--dbname={where}"]
    _run(["pg_dump", *asked], password)
    return tables(file)


def fill(engine: Engine, file: Path) -> int:
    """Read a dump into an empty database in one transaction; returns how many tables it filled."""
    count = tables(file)
    where, password = conninfo(engine)
    asked = ["--clean", "--if-exists", "--no-owner", "--no-acl", "--single-transaction"]
    _run(["pg_restore", *asked, "--exit-on-error", f"--dbname={where}", str(file)], password)
    return count


def tables(file: Path) -> int:
    """Count the tables in a dump that have data; a file that is no whole dump is refused."""
    listed = _run(["pg_restore", "--list", str(file)], None)
    count = sum(" TABLE DATA " in line for line in listed.splitlines())
    if not count or " alembic_version " not in listed:
        raise Invalid(f"{file} is not a whole copy of a Bugsprint database.")
    return count


def revision(file: Path) -> str:
    """Read out of a dump which schema it has."""
    asked = ["--data-only", "--table=alembic_version", "--file=-", str(file)]
    lines = _run(["pg_restore", *asked], None).splitlines()
    begins = next((n for n, line in enumerate(lines) if line.startswith("COPY ")), None)
    if begins is None or lines[begins + 1] == "\\.":
        return ""
    return lines[begins + 1].strip()


def _run(command: list[str], password: str | None) -> str:
    program = shutil.which(command[0])
    if program is None:
        raise Invalid(
            f"The program {command[0]} is not on PATH; install PostgreSQL's client programs first."
        )
    given = {"PGPASSWORD": password} if password else {}
    path = str(Path(program).parent)
    done = subprocess.run(  # noqa: S603 - no shell, and a program of PostgreSQL's own
        [program, *command[1:]],
        env={"PATH": f"{path}:/usr/bin:/bin", "LC_ALL": "C"} | given,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it gave no reason"]
        raise Invalid(f"{command[0]} failed: {said[0].removeprefix(command[0] + ': ')}.")
    return done.stdout
