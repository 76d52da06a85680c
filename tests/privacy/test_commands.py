"""`erase`, `about`, `audit verify`, `rekey` and a restore, as an administrator types them."""

import json

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from app.actions.vault import Vault
from app.db.engine import open_engine
from app.db.models import Activity, Ticket
from tests.actions import sources
from tests.cli.desk import programs
from tests.privacy.canary import hits, in_files
from tests.privacy.people import ANN, BOB, CANARY, known

KEY = "a key for tests only, 32 letters"


@pytest.fixture
def filled(command, database_url, monkeypatch):
    """The command on a database of either kind in which both people are known."""
    monkeypatch.setenv("BUGSPRINT_DATABASE_URL", database_url)
    monkeypatch.setattr(sources, "VAULT", Vault(KEY))
    engine = open_engine(database_url)
    with Session(engine) as db:
        known(db)
    yield command
    engine.dispose()


def rows(url, statement):
    engine = open_engine(url)
    with Session(engine) as db:
        found = db.exec(statement).all()
    engine.dispose()
    return found


def test_erasing_says_what_was_erased_and_what_it_cannot_reach(filled, database_url):
    printed = filled.done("erase", "person", ANN)
    assert "Erased: 1 ticket, 1 message, 1 unread record, 1 note." in printed
    assert "written anew" in printed
    assert "Not reached: backups and exports" in printed
    assert "Keep " in printed
    assert CANARY not in printed
    again = filled("erase", "person", ANN)
    assert (again.code, again.err.count("\n")) == (1, 1)


def test_a_restored_copy_forgets_once_more(
    filled, database_url, tmp_path, monkeypatch, empty_home
):  # fmt: skip
    is_sqlite = database_url.startswith("sqlite")
    monkeypatch.setenv("PATH", f"{programs()}:/usr/bin:/bin")
    copy, target = tmp_path / "copy", tmp_path / "new" / "test.db"
    filled.done("backup", copy)
    for words in (("person", ANN), ("person", BOB), ("customer", "org-1")):
        filled.done("erase", *words)
    written = tmp_path / "kept.jsonl"
    written.write_text(filled.done("erase", "journal"))
    assert hits(written.read_bytes(), [CANARY, "Acme"]) == 0
    if is_sqlite:
        monkeypatch.setenv("BUGSPRINT_DATABASE_URL", f"sqlite:///{target}")
    else:
        from tests.conftest import empty  # noqa: PLC0415 - the other kind needs it only

        empty(database_url)
    printed = filled.done("restore", copy, "--journal", written)
    assert "3 tickets forgotten once more" in printed
    url = f"sqlite:///{target}" if is_sqlite else database_url
    told = rows(url, select(Ticket.text).where(Ticket.text != ""))
    assert [text_ for text_ in told if CANARY in text_] == []
    filled.done("export", tmp_path / "after")
    found = in_files(tmp_path / "after", [CANARY])
    assert found == {}
    if is_sqlite:
        assert in_files(target.parent, [CANARY]) == {}
        assert (target.parent / "test.db.erasures.jsonl").exists()
    assert "Chain verified" in filled.done("audit", "verify")


def test_the_journal_beside_a_sqlite_file_is_found_by_itself(
    command, empty_home, tmp_path, monkeypatch
):
    monkeypatch.setattr(sources, "VAULT", Vault(KEY))
    command.done("migrate")
    engine = open_engine("sqlite:///var/bugsprint.db")
    with Session(engine) as db:
        known(db)
    engine.dispose()
    command.done("backup", tmp_path / "copy")
    command.done("erase", "person", ANN)
    for file in (empty_home / "var").glob("bugsprint.db*"):
        if "erasures" not in file.name:
            file.unlink()
    assert "1 ticket forgotten once more" in command.done("restore", tmp_path / "copy")


def test_a_journal_that_the_key_does_not_open_stops_the_restore(filled, tmp_path, monkeypatch):
    written = tmp_path / "kept.jsonl"
    filled.done("erase", "person", ANN)
    written.write_text(filled.done("erase", "journal"))
    monkeypatch.setenv("BUGSPRINT_SECRET_KEY", "another key of many letters")
    monkeypatch.setenv("BUGSPRINT_DATABASE_URL", f"sqlite:///{tmp_path / 'x' / 'new.db'}")
    said = filled("restore", tmp_path / "copy", "--journal", written)
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "BUGSPRINT_SECRET_KEY" in said.err
    written.write_text("{}")
    assert "not a journal" in filled("restore", tmp_path / "copy", "--journal", written).err


def test_everything_about_a_person_comes_as_json_and_is_noted(filled, database_url, tmp_path):
    said = json.loads(filled.done("about", "person", ANN))
    assert [row["subject"] for row in said["tickets"]] == [f"{CANARY} subject"]
    assert said["ratings"][0]["score"] == "bad"
    assert said["links"][0]["bug"] == "acme/app#12"
    assert len(said["messages"]) == len(said["unread_records"]) == len(said["activity"]) == 1
    filled.done("about", "customer", "org-1", "-o", tmp_path / "acme.json")
    assert (tmp_path / "acme.json").stat().st_mode & 0o077 == 0
    verbs = rows(database_url, select(Activity.verb).order_by(Activity.id.desc()).limit(2))
    assert verbs == ["exported_person", "exported_person"]


TAMPERINGS = [
    ("UPDATE activity SET actor = 'Eve' WHERE id = 2", "2"),
    ("DELETE FROM activity WHERE id = 2", "3"),
    ("UPDATE activity SET at = '2020-01-01 00:00:00' WHERE id = 3", "3"),
    ("UPDATE activity SET detail = 'x', salt = '', digest = 'x', erased = true WHERE id = 2", "2"),
]


@pytest.mark.parametrize("statement, first", TAMPERINGS)
def test_a_note_that_was_tampered_with_is_found(filled, database_url, statement, first):
    whole = filled.done("audit", "verify")
    assert whole.startswith("Chain verified: ")
    engine = open_engine(database_url)
    with engine.begin() as connection:
        drop_triggers(connection)
        connection.execute(text(statement))
        restore_triggers(connection)
    engine.dispose()
    said = filled("audit", "verify")
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert f"note {first} is the first that does not fit" in said.err


def test_a_cut_end_is_found_with_the_head_that_was_logged(filled, database_url):
    head = filled.done("audit", "verify").split("head ")[1].strip(" .\n")
    assert filled("audit", "verify", "--head", head).code == 0
    engine = open_engine(database_url)
    with engine.begin() as connection:
        drop_triggers(connection)
        connection.execute(text("DELETE FROM activity WHERE id = (SELECT max(id) FROM activity)"))
        restore_triggers(connection)
    engine.dispose()
    assert filled("audit", "verify").code == 0
    assert "not in it" in filled("audit", "verify", "--head", head).err


def drop_triggers(connection):
    if connection.dialect.name == "sqlite":
        sql = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'activity'"
        connection.info["kept"] = connection.execute(text(sql)).all()
        for name, _ in connection.info["kept"]:
            connection.execute(text(f"DROP TRIGGER {name}"))
    else:
        connection.execute(text("ALTER TABLE activity DISABLE TRIGGER ALL"))


def restore_triggers(connection):
    if connection.dialect.name == "sqlite":
        for _, sql in connection.info.pop("kept"):
            connection.exec_driver_sql(sql)
    else:
        connection.execute(text("ALTER TABLE activity ENABLE TRIGGER ALL"))


def test_the_doctor_asks_for_a_rekeying_and_rekey_does_it(on_both, monkeypatch, tmp_path):
    (tmp_path / "token").write_text("ghp_0123456789abcdefghijkl")
    words = ["--set", "owner=a", "--set", "repo=b", "--secret", f"token=@file:{tmp_path / 'token'}"]
    on_both.done("source", "add", "github", "gh", *words)
    monkeypatch.setenv("BUGSPRINT_SECRET_KEY", "a new key of many letters")
    assert "cannot be opened" in on_both("doctor").out
    monkeypatch.setenv("BUGSPRINT_OLD_SECRET_KEYS", KEY)
    assert "`bugsprint rekey` seals them anew" in on_both("doctor").out
    assert "1 secret sealed anew" in on_both.done("rekey")
    assert "take it out" in on_both("doctor").out
    monkeypatch.delenv("BUGSPRINT_OLD_SECRET_KEYS")
    assert "old keys" not in on_both("doctor").out
    assert "cannot be opened" not in on_both("doctor").out
