"""What makes a claim cheap, and what must stay true all the same."""

from fastapi import Request
from sqlalchemy import text

from app.core.vocabulary import Role
from app.db.queries.standing import Glances
from app.web.desk import Desk, moments


def acting(app, visitor, method):
    """A request's desk, as the handler of that method gets it."""
    cookie = f"bugsprint={visitor.cookies['bugsprint']}".encode()
    return Desk(
        Request({"type": "http", "app": app, "method": method, "headers": [(b"cookie", cookie)]})
    )


def reads_open(app):
    return app.state.engine.pool.checkedout()


def test_knowing_who_acts_keeps_no_read_open_on_sqlite(app, sign_in):
    before, desk = reads_open(app), acting(app, sign_in(Role.engineer), "POST")
    assert desk.visitor.role == Role.engineer
    lasting = 0 if app.state.glances else 1
    assert reads_open(app) - before == lasting
    desk.close()


def test_what_is_shown_is_read_together_with_who_asks(app, sign_in):
    before, desk = reads_open(app), acting(app, sign_in(Role.engineer), "GET")
    assert desk.visitor.role == Role.engineer
    assert reads_open(app) - before == 1
    desk.close()


def test_who_acts_is_asked_anew_for_every_act(app, sample, sign_in):
    visitor = sign_in(Role.support_lead)
    mine = {"team_id": sample.team}
    assert visitor.post(f"/api/v1/bugs/{sample.bug}/claim", json=mine).status_code == 200
    with app.state.engine.begin() as connection:
        connection.execute(text('UPDATE "user" SET active = false'))
    assert visitor.post(f"/api/v1/bugs/{sample.other}/claim", json=mine).status_code == 401


def test_a_sign_in_that_could_not_be_read_at_once_is_read_with_patience(app, sign_in, monkeypatch):
    monkeypatch.setattr(Glances, "look", lambda *_args, **_moments: None)
    desk = acting(app, sign_in(Role.engineer), "POST")
    assert desk.visitor.signed_in
    desk.close()


def test_a_lent_glance_comes_back(app, clock):
    if app.state.glances:
        for _ in range(3):
            assert app.state.glances.look("nobody", **moments(clock())) is None
        assert len(app.state.glances._idle) == 1
