"""Copies of a PostgreSQL through its own programs, which know every version's ways."""

import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL

from app.core.errors import Invalid

SECONDS = 3600


def dump(url: URL, file: Path) -> int:
    """Write a dump and read its list of contents back; returns how many tables have data in it."""
    where, password = _where(url)
    _run(
        ["pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={file}", where], password
    )
    return _tables(file)


def fill(url: URL, file: Path) -> int:
    """Read a dump into an empty database in one transaction; returns how many tables it filled."""
    count = _tables(file)
    where, password = _where(url)
    asked = ["--clean", "--if-exists", "--no-owner", "--no-acl", "--single-transaction"]
    _run(["pg_restore", *asked, "--exit-on-error", f"--dbname={where}", str(file)], password)
    return count


def _tables(file: Path) -> int:
    listed = _run(["pg_restore", "--list", str(file)], None)
    count = sum(" TABLE DATA " in line for line in listed.splitlines())
    if not count or " alembic_version " not in listed:
        raise Invalid(f"{file} is not a whole copy of a Bugsprint database.")
    return count


def _where(url: URL) -> tuple[str, str | None]:
    # The password goes through the environment: arguments are seen by everybody on the machine.
    bare = url.set(drivername="postgresql", password=None)
    password = str(url.password) if url.password else None
    return bare.render_as_string(hide_password=False), password


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
