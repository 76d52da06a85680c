"""People, tokens and teams from the command."""

import json

from sqlmodel import Session

from app.actions import people
from app.actions.passwords import fits
from app.db.engine import open_engine
from app.db.models import SecondFactor
from app.db.queries import people as rows
from tests.make import DAWN

ADD = ("user", "add", "Ann@Example.com", "--role", "support_lead", "--password", "@env:GIVEN")


def test_a_person_added_here_can_sign_in(on_both, database_url, monkeypatch):
    monkeypatch.setenv("GIVEN", "correct horse battery")
    assert on_both.done(*ADD) == "ann@example.com may sign in as support lead.\n"
    engine = open_engine(database_url)
    with Session(engine) as db:
        given = ("ann@example.com", "correct horse battery")
        assert people.sign_in(db, *given, address="127.0.0.1", at=DAWN)
    engine.dispose()
    assert on_both(*ADD).code == 1


def test_a_forgotten_password_and_a_lost_factor_are_replaced_here(
    on_both, database_url, monkeypatch
):
    monkeypatch.setenv("GIVEN", "correct horse battery")
    on_both.done(*ADD)
    said = on_both("user", "password", "ANN@example.com")
    assert said.code == 0 and "has to be changed at the first sign-in" in said.err
    engine = open_engine(database_url)
    with Session(engine) as db:
        user = rows.user_by_email(db, "ann@example.com")
        assert user and user.password_given_at and said.out.strip() not in str(user.password_hash)
        assert fits(said.out.strip(), user.password_hash)
        db.add(SecondFactor(user_id=user.id or 0, secret="", since=DAWN))
        db.commit()
    engine.dispose()
    off = on_both.done("user", "factor", "ann@example.com")
    assert off == "ann@example.com signs in with the password alone from now on.\n"
    again = on_both("user", "factor", "ann@example.com")
    assert (again.code, again.err) == (1, "ann@example.com has no second factor.\n")
    assert on_both("user", "password", "eve@example.com").code == 1


def test_a_token_is_shown_once_and_stored_as_a_hash(on_both, database_url):
    said = on_both("token", "create", "ci", "--scope", "board.read,bug.claim")
    token = said.out.strip()
    engine = open_engine(database_url)
    with Session(engine) as db:
        stored = rows.named_token(db, "ci")
        assert stored
        assert (stored.token_hash, stored.scopes) == (
            people.hashed(token),
            ["board.read", "bug.claim"],
        )
    engine.dispose()
    assert token.startswith("bsp_")
    assert "only now; it ends in 365 days" in said.err


def test_tokens_are_listed_by_their_last_letters_and_revoked_by_name(on_both):
    assert on_both("token", "list").out == ""
    token = on_both.done("token", "create", "ci", "--scope", "board.read", "--days", "30").strip()
    listed = on_both.done("token", "list")
    assert listed.startswith(f"ci …{token[-4:]}  board.read  until 20")
    assert "never used" in listed and token not in listed
    assert on_both.done("token", "revoke", "ci") == "The token ci is refused from now on.\n"
    assert "board.read  revoked, never used" in on_both.done("token", "list")
    (line,) = json.loads(on_both.done("token", "list", "--json"))
    assert (line["name"], line["state"], line["made_by"]) == ("ci", "revoked", "command")
    assert on_both("token", "revoke", "ci").err == "The token “ci” was revoked already.\n"
    assert on_both("token", "revoke", "cd").err == "There is no token “cd”.\n"
    assert on_both("token", "create", "cd", "--scope", "board.read", "--days", "366").code == 2


def test_a_common_password_is_refused_here_too(on_both, monkeypatch):
    monkeypatch.setenv("GIVEN", "iloveyou")
    said = on_both(*ADD)
    assert (said.code, "guessed first" in said.err) == (1, True)


def test_teams_come_from_a_file(on_both, empty_home):
    text = "teams: [{key: mail, name: Mail, members: [{name: Ann}]}]\n"
    (empty_home / "teams.yaml").write_text(text)
    assert on_both.done("teams", "import", "teams.yaml") == "Kept 1 team, 0 areas, 1 member.\n"
