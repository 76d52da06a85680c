"""The short way shows only what the long way would show now."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.actions import claims
from app.core.vocabulary import Role
from tests.web.conftest import NOON


@pytest.fixture
def demo():
    return True


@pytest.fixture
def board(sample):
    return f"/s/{sample.slug}/board"


@pytest.fixture
def change(app):
    """Change the database behind the application's back."""

    def changed(statement):
        with app.state.engine.begin() as connection:
            connection.execute(text(statement))

    return changed


@pytest.fixture
def short(app):
    """Count what the short way answered, by listening at its one read."""
    glance, found = app.state.glance, []
    if glance:
        look = glance.look
        glance.look = lambda *a, **k: found.append(look(*a, **k)) or found[-1]
    return found


def warm(visitor, board):
    """Ask often enough that the page is kept; returns the last answer."""
    return [visitor.get(board) for _ in range(3)][-1]


def test_the_short_way_answers_with_the_same_page_and_the_same_headers(sign_in, board, short, app):
    visitor = sign_in(Role.engineer)
    first, *_, last = (visitor.get(board) for _ in range(3))
    assert bool(short) == bool(app.state.glance)
    assert last.content == first.content
    apart = {"x-request-id"}
    assert {k: v for k, v in last.headers.items() if k not in apart} == {
        k: v for k, v in first.headers.items() if k not in apart
    }


def test_who_has_the_page_hears_that_nothing_changed(sign_in, board):
    visitor = sign_in(Role.engineer)
    tag = warm(visitor, board).headers["etag"]
    again = visitor.get(board, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


def test_a_claim_shows_at_the_next_look(sign_in, board, sample, db):
    visitor = sign_in(Role.engineer)
    warm(visitor, board)
    claims.claim(db, sample.bug, team_id=sample.team, actor="Zoë Zimt", at=NOON)
    assert "Zoë Zimt" in visitor.get(board).text


@pytest.mark.parametrize(
    "end",
    [
        "DELETE FROM sign_in",
        """UPDATE "user" SET active = false""",
        "UPDATE sign_in SET expires_at = seen_at",
    ],
)
def test_who_is_no_longer_signed_in_sees_a_strangers_page(sign_in, board, change, end):
    visitor = sign_in(Role.engineer)
    assert "Ann Engineer" in warm(visitor, board).text
    change(end)
    assert "Ann Engineer" not in visitor.get(board).text


def test_a_new_role_counts_at_once(sign_in, board, change):
    visitor = sign_in(Role.engineer)
    assert "bug.claim" in warm(visitor, board).text
    change("""UPDATE "user" SET role = 'viewer'""")
    assert "bug.claim" not in visitor.get(board).text


def test_a_source_in_trouble_shows_without_any_note(sign_in, board, change):
    visitor = sign_in(Role.engineer)
    tag = warm(visitor, board).headers["etag"]
    change("UPDATE source SET state = 'failing', note = 'It broke.'")
    assert visitor.get(board).headers["etag"] != tag


def test_a_new_day_is_a_new_page(sign_in, board, clock):
    clock.now = NOON.replace(hour=23, minute=59)
    visitor = sign_in(Role.engineer)
    tag = warm(visitor, board).headers["etag"]
    clock.now += timedelta(minutes=2)
    assert visitor.get(board).headers["etag"] != tag


def test_a_sign_in_in_use_is_kept_alive_on_the_short_way_too(sign_in, board, clock, look):
    visitor = sign_in(Role.engineer)
    for _ in range(5):
        warm(visitor, board)
        clock.now += timedelta(minutes=20)
    assert look(text("SELECT seen_at > '2026-01-08 13:00:00' FROM sign_in"))[0][0]


def test_pages_of_two_people_are_never_mixed_up(sign_in, board):
    ann, bob = sign_in(Role.engineer), sign_in(Role.admin, name="Bob Boss")
    for _ in range(3):
        assert "Ann Engineer" in ann.get(board).text
        assert "Bob Boss" in bob.get(board).text


def test_a_programs_token_beside_a_cookie_is_what_counts(sign_in, board, token):
    visitor = sign_in(Role.admin)
    warm(visitor, board)
    bearer = {"authorization": f"Bearer {token('board.read')}"}
    assert "Ann Engineer" not in visitor.get(board, headers=bearer).text
    assert visitor.get(board, headers={"authorization": "Bearer wrong"}).status_code != 200
