"""A source is connected from a page by the same rules as by command."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlmodel import Session, select

from app.config import Settings
from app.core.vocabulary import Role, RunKind, RunState
from app.db.models import Activity, Source, SourceRun, User
from app.db.queries import sources
from app.main import Running, create_app
from tests import make
from tests.web.conftest import NOON
from tests.web.direct import BASE

SECRET = "a-token-nobody-else-may-see-1234"
INSIDE = {
    "kind": "github",
    "name": "tracker",
    "owner": "acme",
    "repo": "app",
    "token": SECRET,
    "base_url": "http://169.254.169.254/latest",
    "enabled": "true",
}


@pytest.fixture
def app(database_url, clock) -> Iterator[FastAPI]:
    settings = Settings(
        database_url=database_url, base_url=BASE, secret_key=SecretStr("k" * 32), sync_seconds=300
    )
    made = create_app(settings, Running(jobs=False, clock=clock))
    yield made
    made.state.engine.dispose()


def stored(db):
    db.expire_all()
    return db.exec(select(Source)).all()


def test_an_inner_address_is_never_asked_and_the_secret_is_sealed(app, db, sign_in):
    admin = sign_in(Role.admin)
    answer = admin.post("/sources", data=INSIDE | {"back": "/welcome"})
    assert answer.headers["location"] == "/welcome#source-tracker"
    (source,) = stored(db)
    assert source.paused, "It is not read before somebody says so."
    assert SECRET not in f"{source.options} {source.secrets}"
    assert app.state.connect.vault.open(source.secrets) == {"token": SECRET}
    assert source.options["enabled"] is True
    assert source.options["keep_text"] is False, "Its box was left empty."
    run = db.get(SourceRun, (source.id, RunKind.test))
    assert run.state is RunState.failed
    for address in ("/sources", "/welcome"):
        page = admin.get(address).text
        assert run.said in page.replace("&#39;", "'").replace("&#34;", '"')
        assert SECRET not in page


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"kind": "file", "path": "/etc/passwd"}, "cannot be connected from a page"),
        ({"kind": "jira"}, "cannot be connected from a page"),
        ({"name": "../x"}, "letters, digits"),
        ({"repo": "a/b/c"}, "the repository"),
        ({"owner": ""}, "needs the option owner"),
        ({"requests_per_minute": "many"}, "requests_per_minute"),
    ],
)
def test_what_a_kind_does_not_take_is_said_and_nothing_is_stored(db, sign_in, more, said):
    answer = sign_in(Role.admin).post("/sources", data=INSIDE | more)
    assert answer.status_code == 422
    assert said in answer.text
    assert SECRET not in answer.text
    assert stored(db) == []


def test_a_name_that_is_taken_is_refused_and_what_was_typed_is_kept(db, sign_in):
    make.source(db, "github", name="tracker")
    db.rollback()
    answer = sign_in(Role.admin).post("/sources", data=INSIDE)
    assert "There is a source “tracker” already" in answer.text
    assert 'value="acme"' in answer.text
    assert SECRET not in answer.text


def test_a_form_cannot_send_one_to_another_site(sign_in):
    answer = sign_in(Role.admin).post("/sources", data=INSIDE | {"back": "//evil.example"})
    assert answer.headers["location"] == "/#source-tracker"


def test_a_secret_is_replaced_on_its_page_and_only_one_that_the_kind_has(app, db, sign_in):
    admin = sign_in(Role.admin)
    admin.post("/sources", data=INSIDE)
    wrong = admin.post("/sources/tracker/secret", data={"option": "owner", "secret": "x"})
    assert "tracker has no secret “owner”" in wrong.text
    admin.post("/sources/tracker/secret", data={"option": "token", "secret": "another-token-5678"})
    (source,) = stored(db)
    assert app.state.connect.vault.open(source.secrets) == {"token": "another-token-5678"}


def test_the_card_says_when_it_is_read_next_how_old_its_data_is_and_what_of_the_limit_is_used(
    app, db, sign_in
):
    good = NOON - timedelta(hours=2)
    options = {"base_url": "https://api.github.com", "requests_per_minute": 60}
    make.source(db, "github", name="tracker", options=options, good_at=good, state="ok")
    db.rollback()
    with Session(app.state.engine) as own:
        window = sources.rate_window(own, "github:api.github.com")
        moment = NOON.timestamp()
        sources.use_rate(own, window, [moment - 70, moment - 20, moment - 1])
        own.commit()
    page = sign_in(Role.admin).get("/sources").text
    assert "2 of 60 requests used in the last minute" in page
    assert "true as of 2 hours ago, though it is read every 5 minutes" in page
    assert "<dt>Next reading</dt><dd>due now</dd>" in page


def test_the_first_steps_are_open_only_while_nobody_is_known(db, client, sign_in):
    fresh = client.get("/welcome")
    assert "bugsprint user add" in fresh.text
    assert "<form" not in fresh.text.split("<main", 1)[1].split("</main>")[0]
    assert "First steps" in client.get("/sign-in").text
    admin = sign_in(Role.admin)
    assert db.exec(select(User)).all()
    db.rollback()
    assert client.get("/welcome").headers["location"] == "/sign-in?next=/welcome"
    assert "First steps" not in client.get("/sign-in").text
    assert 'id="step-2" aria-current="step"' in admin.get("/welcome").text


def test_a_step_that_is_undone_comes_back(db, sign_in):
    admin = sign_in(Role.admin)
    for kind in ("github", "zendesk"):
        make.source(db, kind, name=kind, good_at=NOON)
    team = make.team(db)
    area = make.area(db, team_id=team.id)
    db.rollback()
    assert 'id="step-7" aria-current="step"' in admin.get("/welcome").text
    area = db.merge(area)
    area.team_id = None
    db.commit()
    assert 'id="step-4" aria-current="step"' in admin.get("/welcome").text


def test_adding_replacing_and_importing_each_leave_one_note(app, db, sign_in):
    app.state.starter = replace(app.state.starter, spawn=lambda run: None)
    admin = sign_in(Role.admin, name="Ada Admin")
    admin.post("/sources", data=INSIDE)
    admin.post("/sources/tracker/secret", data={"option": "token", "secret": "another-token-5678"})
    admin.post("/welcome/import")
    db.expire_all()
    notes = db.exec(
        select(Activity).where(Activity.actor == "Ada Admin").order_by(Activity.id)
    ).all()
    wanted = ["source_added", "secret_replaced", "source_resumed"]
    assert [note.verb for note in notes if note.source_id] == wanted
    assert SECRET not in str([note.detail for note in notes])
