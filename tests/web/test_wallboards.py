"""A wallboard's link shows figures to whoever has it, nobody's name, and ends."""

import re
from datetime import timedelta

import httpx
import pytest
from sqlmodel import Session, select

from app.actions import claims
from app.core.vocabulary import ItemState, Role
from app.db.models import Activity, Source, Sprint, Wallboard
from app.views.tv import wall
from tests import make
from tests.web.serving import Stream, served

MAKE = {"label": "Kitchen, second floor", "days": 30}


@pytest.fixture
def boss(sign_in, sample):
    return sign_in(Role.admin, team_id=sample.team)


@pytest.fixture
def link(boss):
    """The address of a new wallboard, without the host."""
    made = boss.post("/api/v1/wallboards", json=MAKE)
    assert made.status_code == 201
    return made.json()["address"].removeprefix("http://testserver")


def test_a_link_is_shown_once_kept_as_a_hash_and_open_without_signing_in(
    boss, client, link, look, sample
):
    shown = client.get(link)
    assert shown.status_code == 200
    assert "<b>0</b> of 2 fixed" in shown.text
    [stored] = look(select(Wallboard))
    assert link.removeprefix("/tv/") not in repr(stored)
    listed = boss.get("/wallboards").text
    assert "Kitchen, second floor" in listed and link not in listed
    assert "<td>never</td>" not in listed, "It was seen a moment ago."
    assert link not in boss.get("/api/v1/wallboards").text


@pytest.mark.parametrize("api", [True, False])
def test_making_and_revoking_a_link_leave_one_note_each(boss, look, api):
    place = "/api/v1/wallboards" if api else "/wallboards"
    how = {"json": MAKE} if api else {"data": MAKE}
    made = boss.post(place, **how)
    assert made.status_code in {200, 201, 303}
    [stored] = look(select(Wallboard))
    assert boss.post(f"{place}/{stored.id}/revoke").status_code in {204, 303}
    verbs = [note.verb for note in look(select(Activity).order_by(Activity.id))]
    assert [verb for verb in verbs if "wallboard" in verb] == [
        "wallboard_made",
        "wallboard_revoked",
    ]


def test_a_wallboard_names_no_customer_no_person_and_no_ticket(db, client, link, sample):
    make.customer(db, "Globex")
    make.customer(db, "10%s")  # signs with a meaning in a pattern have none in a name
    titles = (
        "Crash when globex exports",
        "Call +49 170 1234567 for the crash",
        "100 rows are lost",
    )
    for title in titles:
        bug = make.bug(db, title)
        item = make.item(db, db.get(Sprint, sample.sprint), bug, state=ItemState.fixed)
        item.resolved_at = make.DAWN
        item.claimed_by = "Paula Person"
        db.commit()
    db.rollback()
    shown = client.get(f"{link}?page=fixes").text
    assert "A bug in the product" in shown
    assert "Call [phone] for the crash" in shown
    assert "100 rows are lost" in shown
    for secret in ("globex", "Globex", "Acme", "Paula", "1234567", "It does not work"):
        assert secret not in shown, secret


@pytest.mark.parametrize("way", ["revoked", "ended", "unknown"])
def test_a_link_that_is_no_good_says_so_and_who_can_make_another(
    boss, client, link, look, clock, way
):
    if way == "revoked":
        [stored] = look(select(Wallboard))
        assert boss.post(f"/api/v1/wallboards/{stored.id}/revoke").status_code == 204
        assert boss.post(f"/api/v1/wallboards/{stored.id}/revoke").status_code == 409
    elif way == "ended":
        clock.now += timedelta(days=30)
    else:
        link = "/tv/bsw_nobodys"
    for path in (link, f"{link}/live"):
        refused = client.get(path)
        assert refused.status_code == (404 if way == "unknown" else 410)
        assert "can make a new one" in refused.text
        assert "of 2 fixed" not in refused.text


def test_old_data_is_marked_with_its_time_and_fresh_data_is_not(db, engine, sample, clock):
    with Session(engine) as own:
        source = own.exec(select(Source).where(Source.name == sample.source)).one()
        source.good_at = clock() - timedelta(minutes=5)
        own.commit()
        assert not wall(own, "", at=clock()).old
        assert wall(own, "", at=clock() + timedelta(seconds=1)).old


def test_every_page_is_there_without_script_and_each_leads_to_the_next(client, link):
    seen, page = [], "figures"
    for _ in range(4):
        text = client.get(f"{link}?page={page}").text
        assert re.findall(r'<section data-page="([\w-]+)" aria-label="[\w -]+">', text) == [page]
        seen.append(page)
        [page] = re.findall(rf'content="20; url={link}\?page=([\w-]+)"', text)
    assert (seen, page) == (["figures", "burn-up", "teams", "fixes"], "figures")
    assert client.get(f"{link}?page=else").status_code == 422


def test_a_screen_hears_of_a_change_and_of_nothing_else(app, db, boss, link, sample):
    with (
        served(app) as (base, _, _),
        httpx.stream("GET", f"{base}{link}/live", timeout=httpx.Timeout(10)) as answer,
    ):
        stream = Stream(answer)
        with Session(app.state.engine) as own:
            claims.claim(own, sample.bug, team_id=sample.team, actor="Ana", at=app.state.clock())
        assert stream.next() == {"event": "changed", "data": "look\n"}


def test_programs_and_those_who_do_not_organise_make_no_link(client, sign_in, sample, token):
    viewer = sign_in(Role.viewer)
    assert viewer.get("/tv").status_code == 200
    assert viewer.post("/api/v1/wallboards", json=MAKE).status_code == 403
    organiser = sign_in(Role.engineer, organiser=True)
    assert organiser.post("/wallboards", data=MAKE).status_code == 200
    client.headers["authorization"] = f"Bearer {token('board.read')}"
    assert client.post("/api/v1/wallboards", json=MAKE).status_code == 403
