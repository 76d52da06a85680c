"""When the disk is full, reading goes on, writing is refused in words, and later works again."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from app.actions.connect import Connect
from app.actions.vault import Vault
from app.core.vocabulary import Role
from app.db.models import Activity, Source, SprintItem
from app.jobs import Jobs
from tests import make

ROOM = "2m"
MOST_WRITES = 400


@pytest.fixture
def disk(tmp_path):
    """A small disk of its own where we may mount one, else a limit that SQLite keeps itself."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = os.geteuid() == 0 and _quietly("mount", "-t", "tmpfs", "-o", f"size={ROOM}", folder)
    yield Disk(folder, real=mounted)
    if mounted:
        _quietly("umount", "-l", folder)


def _quietly(*command):
    asked = [str(word) for word in command]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


class Disk:
    def __init__(self, folder, *, real):
        self.folder, self.real = folder, real
        self.filler, self.limited = folder / "filler", False

    @contextmanager
    def full(self, engine):
        """Leave no room for another page."""
        if self.real:
            self._fill()
        else:
            event.listen(engine, "checkout", self._limit)
            self.limited = True
        yield
        self.filler.unlink(missing_ok=True)
        self.limited = False

    def _fill(self):
        with self.filler.open("wb", buffering=0) as filler:
            while True:
                try:
                    filler.write(bytes(4096))
                except OSError:
                    return

    def _limit(self, connection, *_about):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages if self.limited else 1 << 30}")


@pytest.fixture
def database_url(empty_sqlite, disk):
    """SQLite on a small disk; a PostgreSQL server has its own."""
    shutil.copy(empty_sqlite, disk.folder / "test.db")
    return f"sqlite:///{disk.folder / 'test.db'}"


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
    with closing(sqlite3.connect(app.state.engine.url.database)) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_job_on_a_full_disk_is_put_off_and_done_when_there_is_room(
    disk, app, engineer, sample, db, clock, tmp_path
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
            note = own.get(Source, number).note
    clock.now += beat
    jobs.sync_all()
    with Session(app.state.engine) as own:
        assert own.get(Source, number).state == "ok"
    assert note.startswith("The disk of the database is full")
