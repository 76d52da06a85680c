"""When the disk is full, reading goes on, writing is refused in words, and later works again."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlmodel import Session, SQLModel, select

from app.actions.connect import Connect
from app.actions.vault import Vault
from app.core.vocabulary import Role
from app.db.engine import open_engine
from app.db.models import Activity, Source, SprintItem
from app.db.schema import upgrade
from app.jobs import Jobs
from tests import make
from tests.contents import counts
from tests.postgres import server_user

ROOM = {"sqlite": "2m", "postgresql": "32m"}
MOST_WRITES = 400
FULL = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$
"""


def _quietly(*command):
    asked = [str(word) for word in command]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


@pytest.fixture(params=["sqlite", "postgresql"])
def disk(request):
    """A small disk of its own where we may mount one, else what stands in for it."""
    folder = Path(tempfile.mkdtemp(prefix="bugsprint-disk-"))
    size = f"size={ROOM[request.param]}"
    mounted = os.geteuid() == 0 and _quietly("mount", "-t", "tmpfs", "-o", size, "tmpfs", folder)
    folder.chmod(0o755)
    yield (Disk if request.param == "sqlite" else ServersDisk)(folder, real=mounted)
    if mounted:
        _quietly("umount", "-l", folder)
    shutil.rmtree(folder, ignore_errors=True)


class Disk:
    """A disk for SQLite; one that is not real is a limit that SQLite keeps itself."""

    def __init__(self, folder, *, real):
        self.folder, self.real = folder, real
        self.filler, self.limited = folder / "filler", False

    @contextmanager
    def database(self, request):
        """Lend a migrated database on this disk."""
        shutil.copy(request.getfixturevalue("empty_sqlite"), self.folder / "test.db")
        yield f"sqlite:///{self.folder / 'test.db'}"

    @contextmanager
    def full(self, engine):
        """Leave no room for another page."""
        if self.real:
            self._fill()
        else:
            self._stand_in(engine)
        yield
        self.filler.unlink(missing_ok=True)
        self._stand_back(engine)

    def assert_whole(self, engine):
        """The file is what SQLite wrote."""
        with closing(sqlite3.connect(engine.url.database)) as file:
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)

    def _fill(self):
        with self.filler.open("wb", buffering=0) as filler:
            while True:
                try:
                    filler.write(bytes(4096))
                except OSError:
                    return

    def _stand_in(self, engine):
        event.listen(engine, "checkout", self._limit)
        self.limited = True

    def _stand_back(self, _engine):
        self.limited = False

    def _limit(self, connection, *_about):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages if self.limited else 1 << 30}")


class ServersDisk(Disk):
    """A disk for one of PostgreSQL's databases; if it is not real, triggers say it is full."""

    @contextmanager
    def database(self, request):
        """Lend a migrated database on this disk; the server's other files lie elsewhere."""
        name = f"disk_{os.getpid()}"
        server = open_engine(request.getfixturevalue("postgres_url"))
        with server.connect().execution_options(isolation_level="AUTOCOMMIT") as outside:
            where = self._tablespace(outside, name)
            outside.execute(text(f"CREATE DATABASE {name} {where}"))
            url = make_url(server.url).set(database=name).render_as_string(hide_password=False)
            engine = open_engine(url)
            upgrade(engine)
            engine.dispose()
            yield url
            outside.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
            outside.execute(text(f"DROP TABLESPACE IF EXISTS {name}"))
        server.dispose()

    def assert_whole(self, engine):
        """Every row of every table can be read."""
        assert counts(engine)["activity"] > 0

    def _tablespace(self, outside, name):
        """Let the server keep a database on this disk; it cannot if it runs somewhere else."""
        if self.real:
            home = self.folder / "server"
            home.mkdir()
            shutil.chown(home, server_user())
            try:
                outside.execute(text(f"CREATE TABLESPACE {name} LOCATION '{home}'"))
            except (OperationalError, ProgrammingError):
                self.real = False
        return f"TABLESPACE {name}" if self.real else ""

    def _stand_in(self, engine):
        with engine.begin() as connection:
            connection.execute(text(FULL))
            for table in SQLModel.metadata.sorted_tables:
                connection.execute(
                    text(
                        f'CREATE TRIGGER no_room BEFORE INSERT ON "{table.name}" '
                        "EXECUTE FUNCTION no_room()"
                    )
                )

    def _stand_back(self, engine):
        if not self.real:
            with engine.begin() as connection:
                connection.execute(text("DROP FUNCTION no_room CASCADE"))


@pytest.fixture
def database_url(request, disk):
    """A database on a small disk."""
    with disk.database(request) as url:
        yield url


@pytest.fixture
def engineer(sign_in, sample):
    return sign_in(Role.engineer, team_id=sample.team, name="Ana")


def write_until_refused(browser, bug):
    """Claim and give back in turn; returns the first refusal."""
    for number in range(MOST_WRITES):
        verb = "release" if number % 2 else "claim"
        answer = browser.post(f"/api/v1/bugs/{bug}/{verb}")
        if answer.status_code >= 400:
            return answer
    raise AssertionError("The disk never became full.")


def test_a_full_disk_refuses_writes_in_words_and_recovers_by_itself(
    disk, app, engineer, sample, look, clock
):
    with disk.full(app.state.engine):
        refused = write_until_refused(engineer, sample.bug)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        assert refused.json()["type"] == "full"
        assert "disk of the database is full: nothing was changed" in refused.json()["title"]
        before = look(select(SprintItem.state)), len(look(select(Activity.id)))
        assert engineer.post(f"/api/v1/bugs/{sample.other}/claim").status_code == 503
        clock.now += timedelta(minutes=11)  # so that the sign-in's use would have to be noted
        for page in (f"/s/{sample.slug}/board", f"/bugs/{sample.bug}", "/healthz", "/readyz"):
            assert engineer.get(page).status_code == 200
        assert (look(select(SprintItem.state)), len(look(select(Activity.id)))) == before
    assert engineer.post(f"/api/v1/bugs/{sample.other}/claim").status_code == 200
    disk.assert_whole(app.state.engine)


def test_a_job_on_a_full_disk_is_put_off_and_done_when_there_is_room(
    disk, app, engineer, sample, db, clock, tmp_path, caplog
):
    path = tmp_path / "bugs.csv"
    lines = [f"{number},{'Export hangs ' * 40},open" for number in range(200)]
    path.write_text("\n".join(["external_id,title,status", *lines]))
    number = make.source(db, "file", options={"path": str(path), "noun": "bugs"}).id
    db.rollback()
    beat = timedelta(minutes=10)
    jobs = Jobs(Connect(app.state.engine, Vault("a key for tests only"), clock), beat)
    with disk.full(app.state.engine):
        write_until_refused(engineer, sample.bug)
        jobs.sync_all()
        jobs.rank_for_today()
        with Session(app.state.reading) as own:
            found = own.get(Source, number)
            note, state = found.note, found.state
    clock.now += beat
    jobs.sync_all()
    with Session(app.state.engine) as own:
        assert own.get(Source, number).state == "ok"
    # Where there is no room even to begin, the log says so instead of the source's page.
    told = [note, *(line.partition(" is put off: ")[2] for line in caplog.messages)]
    assert [line for line in told if line.startswith("The disk of the database is full")]
    assert state != "ok"
