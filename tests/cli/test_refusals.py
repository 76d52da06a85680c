"""Every bad input is answered by one sentence and an exit code, never by a traceback."""

import pytest

from tests.cli.desk import separately

ADD = ("source", "add", "zendesk", "desk")
OPEN = ("--set", "base_url=https://desk.example", "--set", "client_id=us")
SECRET = ("--secret", "client_secret=@env:GIVEN")
REFUSED = {
    "unknown kind": (("source", "add", "zendusk", "desk"), "no kind “zendusk”"),
    "unknown option": ((*ADD, *OPEN, *SECRET, "--set", "bug_feild=1"), "did you mean bug_field"),
    "secret with --set": ((*ADD, *OPEN, "--set", "client_secret=hunter2x"), "is a secret"),
    "literal secret": ((*ADD, *OPEN, "--secret", "client_secret=hunter2x"), "never stand on"),
    "plain with --secret": ((*ADD, "--secret", "client_id=@env:GIVEN"), "not a secret"),
    "absent variable": ((*ADD, *OPEN, "--secret", "client_secret=@env:ABSENT"), "ABSENT is not"),
    "absent file": ((*ADD, *OPEN, "--secret", "client_secret=@file:none"), "cannot be read"),
    "option twice": ((*ADD, *OPEN, *OPEN), "given twice"),
    "missing options": ((*ADD, "--set", "subdomain=desk"), "client_id and client_secret"),
    "wrong address": ((*ADD, "--set", "base_url=desk", *SECRET), "base_url"),
    "not a number": (
        (*ADD, *OPEN, *SECRET, "--set", "requests_per_minute=many"),
        "give a whole number",
    ),
    "bad name": (("source", "add", "zendesk", "a b", *OPEN, *SECRET), "source's name"),
    "no sources": (("sync",), "no source yet"),
    "unknown source": (("source", "test", "desk"), "known sources: none yet"),
    "unknown paused": (("source", "pause", "desk"), "no source “desk”"),
    "unknown sprint": (("plan", "spring"), "no sprint “spring”"),
    "unknown report": (("report", "spring", "--format", "json", "-o", "r"), "no sprint “spring”"),
    "no folder": (("report", "spring", "--format", "json", "-o", "no/r"), "no folder"),
    "bad instant": (("rank", "--as-of", "yesterday"), "not an instant"),
    "bad day": (("sprint", "create", "S", "--starts", "2026-13-01", "--ends", "x"), "not a day"),
    "days reversed": (
        ("sprint", "create", "S", "--starts", "2026-11-09", "--ends", "2026-11-02"),
        "",
    ),
    "bad address": (("user", "add", "ann", "--role", "viewer", "--password", "@env:GIVEN"), "ann"),
    "literal password": (("user", "add", "a@b.c", "--role", "viewer", "--password", "p"), "never"),
    "no password": (("user", "add", "a@b.c", "--role", "viewer"), "Say where the password is"),
    "short password": (
        ("user", "add", "a@b.c", "--role", "viewer", "--password", "@env:SHORT"),
        "at least 8",
    ),
    "unknown team": (
        ("user", "add", "a@b.c", "--role", "viewer", "--team", "x", "--password", "@env:GIVEN"),
        "no team “x”",
    ),
    "unknown scope": (("token", "create", "ci", "--scope", "everything"), "known scopes"),
    "absent teams file": (("teams", "import", "none.yaml"), "none.yaml"),
    "broken teams file": (("teams", "import", "broken.yaml"), "line 1"),
    "absent copy": (("restore", "none.db"), "none.db"),
    "no copy": (("restore", "broken.yaml"), "not a copy"),
    "copy over itself": (("backup", "broken.yaml"), "already"),
    "copy into nowhere": (("backup", "no/copy.db"), "no folder"),
    "unknown simulator": (("simulate", "jira"), "no simulator “jira”"),
    "unknown fault": (("simulate", "zendesk", "--faults", "418:0.1"), "418"),
}
WRONG_USAGE = [
    ("nonsense",),
    ("sync", "--nonsense"),
    ("source", "add", "zendesk"),
    ("source", "add", "zendesk", "desk", "--set", "base_url"),
    ("user", "add", "a@b.c", "--role", "king", "--password", "@env:GIVEN"),
    ("report", "spring", "--format", "docx", "-o", "r"),
    ("rank", "--limit", "0"),
    ("serve", "--port", "70000"),
    ("simulate",),
]


@pytest.fixture
def given(command, empty_home, monkeypatch):
    """The command on an empty, migrated database, with some values to refer to."""
    monkeypatch.setenv("GIVEN", "hunter2x-hunter2x")
    monkeypatch.setenv("SHORT", "short")
    (empty_home / "broken.yaml").write_text("teams: [")
    command.done("migrate")
    return command


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_done_is_refused_in_one_sentence(given, case):
    words, part = REFUSED[case]
    said = given(*words)
    assert said.code == 1
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert said.err.endswith((".\n", "?\n"))
    assert part in said.err
    assert "unforeseen" not in said.err
    assert "hunter2x" not in said.err


@pytest.mark.parametrize("words", WRONG_USAGE, ids=" ".join)
def test_wrong_usage_ends_with_2_and_says_how_it_is_used(given, words):
    said = given(*words)
    assert said.code == 2
    assert "Usage: bugsprint" in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (WRONG_USAGE[4], "“king” is none of viewer, engineer, support_lead, exec, admin."),
        (WRONG_USAGE[5], "“docx” is none of html, pdf, xlsx, csv, json."),
    ],
    ids=["role", "format"],
)
def test_a_word_that_is_none_of_those_known_is_said_with_them(given, words, part):
    said = given(*words)
    assert part in said.err
    assert "Value error" not in said.err


def test_a_misspelt_setting_is_named_with_the_nearest_one(command, monkeypatch):
    monkeypatch.setenv("BUGSPRINT_DATABSE_URL", "sqlite:///x.db")
    said = command("source", "list")
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "did you mean BUGSPRINT_DATABASE_URL?" in said.err


def test_a_setting_in_the_env_file_counts_like_one_in_the_environment(command, empty_home):
    (empty_home / ".env").write_text("BUGSPRINT_SYNC_SECONDS=0\n")
    said = command("source", "list")
    assert said.code == 1
    assert "BUGSPRINT_SYNC_SECONDS is not usable: it has to be at least" in said.err


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"export BUGSPRINT_SYNC_SECONDS=0\n", "BUGSPRINT_SYNC_SECONDS is not usable"),
        (b" # BUGSPRINT_X=1\n  BUGSPRINT_SYNC_SECNDS=9", "did you mean BUGSPRINT_SYNC_SECONDS?"),
        ("BUGSPRINT_LOG_LEVEL=ü".encode("latin-1"), "The settings file .env is not UTF-8 text."),
    ],
)
def test_nothing_in_the_env_file_is_passed_over_in_silence(command, empty_home, content, part):
    (empty_home / ".env").write_bytes(content)
    said = command("source", "list")
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert part in said.err


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://host/name",
        "postgresql://nobody:hunter2x@127.0.0.1:1/none",
        "sqlite:////proc/none/x.db",
        "sqlite:///broken.yaml",
    ],
)
def test_a_database_that_cannot_be_used_is_one_sentence(given, monkeypatch, url):
    monkeypatch.setenv("BUGSPRINT_DATABASE_URL", url)
    said = given("source", "list")
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "unforeseen" not in said.err
    assert "hunter2x" not in said.err


@pytest.mark.parametrize(
    ("words", "code"), [(("sync",), 1), (("sync", "--nonsense"), 2), (("source", "list"), 0)]
)
def test_the_exit_code_reaches_the_shell_without_a_traceback(empty_home, words, code):
    process = separately(*words)
    _, err = process.communicate(timeout=30)
    assert process.returncode == code
    assert "Traceback" not in err


def test_an_unforeseen_error_is_one_sentence_and_tells_more_when_asked(
    given, monkeypatch, empty_home, caplog
):
    caplog.set_level("DEBUG")
    (empty_home / "teams.yaml").write_text("teams: [{key: a, name: A}]")
    monkeypatch.setattr("app.cli.people.plural", None)
    said = given("teams", "import", "teams.yaml")
    assert said.code == 1
    assert said.err == (
        "Something unforeseen went wrong (TypeError); set BUGSPRINT_LOG_LEVEL=debug for details.\n"
    )
    assert "TypeError" in caplog.text
