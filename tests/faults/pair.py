"""A PostgreSQL and its standby, from the machine's own programs, with a primary that can die."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.postgres import BIN, _free_port, _unprivileged

HOST = "127.0.0.1"
HAS_PAIR = bool(BIN) and Path(BIN[-1], "pg_basebackup").exists()


class Server:
    """One of the two."""

    def __init__(self, folder: Path, name: str, user: list[str]) -> None:
        self.folder, self.name, self.user = folder, name, user
        self.data, self.port = folder / name, _free_port()

    def run(self, program: str, *words: object) -> None:
        """Run one of PostgreSQL's programs as its user."""
        asked = [*self.user, f"{BIN[-1]}/{program}", *map(str, words)]
        log = self.folder / f"{self.name}.{program}.log"
        with log.open("ab") as told:
            subprocess.run(asked, check=True, stdout=told, stderr=told, cwd=self.folder)

    def start(self, **settings: str) -> None:
        """Start it, and wait until it answers."""
        given = {"port": str(self.port), "listen_addresses": HOST, "fsync": "off", **settings}
        given["unix_socket_directories"] = str(self.folder)
        options = " ".join(f"-c {name}='{value}'" for name, value in given.items())
        log = self.folder / f"{self.name}.log"
        self.run("pg_ctl", "-D", self.data, "-w", "-o", options, "-l", log, "start")

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        """Ask this server alone."""
        address = f"postgresql://postgres@{HOST}:{self.port}/postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            told = connection.execute(statement.encode())
            return told.fetchall() if told.description else []

    def signal(self, number: int) -> None:
        """Send a signal to the server's first process."""
        os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), number)

    def stop(self) -> None:
        """Make sure that nothing of it runs."""
        control = [*self.user, f"{BIN[-1]}/pg_ctl", "-D", str(self.data), "-m", "immediate", "stop"]
        subprocess.run(control, check=False, capture_output=True, cwd=self.folder)


class Pair:
    """A primary and its standby."""

    def __init__(self, folder: Path) -> None:
        user = _unprivileged(folder)
        self.primary, self.standby = (Server(folder, name, user) for name in ("one", "two"))

    @property
    def url(self) -> str:
        """The address of whichever of the two takes writes."""
        hosts = f"{HOST}:{self.primary.port},{HOST}:{self.standby.port}"
        return f"postgresql://postgres@{hosts}/postgres?target_session_attrs=read-write"

    def start(self, *, synchronous: bool) -> None:
        """Start both."""
        init = ("-A", "trust", "-U", "postgres", "--locale=C.UTF-8", "-N", "-D", self.primary.data)
        self.primary.run("initdb", *init)
        wanted = {"synchronous_standby_names": "*"} if synchronous else {}
        self.primary.start()
        source = ("-h", HOST, "-p", self.primary.port, "-U", "postgres")
        self.standby.run(
            "pg_basebackup", *source, "-R", "-X", "stream", "-N", "-D", self.standby.data
        )
        self.standby.start(hot_standby="on")
        for name, value in wanted.items():
            self.primary.ask(f"ALTER SYSTEM SET {name} = '{value}'")
        self.primary.ask("SELECT pg_reload_conf()")
        state = "sync" if synchronous else "async"
        wait_until(lambda: self.states() == [(state,)], "the standby does not follow")

    def states(self) -> list[tuple[object, ...]]:
        """How the standby follows."""
        return self.primary.ask("SELECT sync_state FROM pg_stat_replication")

    def fail_over(self) -> None:
        """Kill the primary without a word, and make the standby the one that takes writes."""
        self.primary.signal(signal.SIGKILL)
        self.standby.run("pg_ctl", "-D", self.standby.data, "-w", "promote")


def wait_until(holds: Callable[[], bool], complaint: str, seconds: float = 60) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.05)


@contextmanager
def pair(*, synchronous: bool) -> Iterator[Pair]:
    """Lend two running servers."""
    folder = Path(tempfile.mkdtemp(prefix="bugsprint-pair-"))
    folder.chmod(0o755)
    if os.geteuid() == 0:
        (folder / "data").mkdir()
    made = Pair(folder)
    try:
        made.start(synchronous=synchronous)
        yield made
    finally:
        for server in (made.primary, made.standby):
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
