"""The record and the privacy page, as an administrator uses them."""

import csv
import io
import json
from datetime import timedelta

import pytest
from sqlmodel import select

from app.core.vocabulary import Role
from app.db.models import Activity, Customer, Setting
from app.db.queries import activity
from tests.make import DAWN


@pytest.fixture
def admin(db, sample, sign_in, app):
    """An administrator, and four notes of two people over four days."""
    for number in range(4):
        who, what = (("Bo", "declined"), ("=cmd|evil", "planned"))[number % 2]
        at = DAWN + timedelta(days=number)
        activity.note(db, at=at, actor=who, verb=what, detail=f"+number {number}")
    db.commit()
    db.rollback()
    app.state.scrub_soon = lambda: None
    return sign_in(Role.admin, name="Ada Admin")


def details(answer):
    return [line["detail"] for line in map(json.loads, answer.text.splitlines())]


@pytest.mark.parametrize(
    "query, found",
    [
        ("actor=bo", [2, 0]),
        ("verb=planned&actor=evil", [3, 1]),
        ("q=number 2", [2]),
        ("since=2026-01-06&until=2026-01-07&q=number", [2, 1]),
        ("actor=bo&since=&until=&verb=", [2, 0]),
    ],
)
def test_the_record_is_looked_through_by_who_what_words_and_days(admin, query, found):
    answer = admin.get(f"/audit.jsonl?{query}")
    assert details(answer) == [f"+number {number}" for number in found]
    page = admin.get(f"/audit?{query}")
    assert page.status_code == 200
    shown = admin.get(f"/api/v1/activity?{query}").json()["items"]
    assert len(shown) == len(found)


def test_the_page_says_that_the_chain_is_whole_and_names_its_head(admin, db):
    said = admin.get("/audit").text
    head = db.exec(select(Activity.seal).order_by(Activity.id.desc())).first()
    assert f"Chain verified: {len(db.exec(select(Activity)).all())} notes" in said
    assert head[:16] in said
    db.rollback()


def test_the_page_names_the_first_note_that_does_not_fit(admin, db):
    first = db.exec(select(Activity.id).where(Activity.actor == "Bo")).first()
    connection = db.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DROP TRIGGER activity_kept")
    else:
        connection.exec_driver_sql("ALTER TABLE activity DISABLE TRIGGER ALL")
    connection.exec_driver_sql(f"UPDATE activity SET actor = 'Eve' WHERE id = {first}")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ALTER TABLE activity ENABLE TRIGGER ALL")
    db.commit()
    assert f"note {first} is the first that does not fit" in admin.get("/audit").text


def test_the_record_as_csv_holds_no_formula(admin):
    rows = list(csv.DictReader(io.StringIO(admin.get("/audit.csv").text)))
    assert len(rows) >= 5
    assert {row["actor"] for row in rows} >= {"Bo", "'=cmd|evil", "Ada Admin"}
    cells = [cell for row in rows for cell in row.values() if cell]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []


def test_periods_are_saved_and_noted(admin, look):
    periods = {"text": "30", "deliveries": "10", "audit": "365"}
    assert admin.post("/privacy/retention", data=periods).status_code == 303
    assert 'name="text" type="number" min="1" max="3650" step="1" value="30"' in (
        admin.get("/privacy").text
    )
    stored = look(select(Setting.value).where(Setting.name == "retention"))
    assert stored == [{"text": 30, "deliveries": 10, "audit": 365}]
    assert admin.post("/privacy/retention", data=periods | {"audit": "1"}).status_code == 422


def test_nobody_is_erased_by_a_slip(admin, sample, look):
    whom = {"kind": "customer", "name": "Acme"}
    before = look(select(Customer.name).where(Customer.id == sample.rich))
    for again in ("", "Acm"):
        refused = admin.post("/privacy/erase", data=whom | {"again": again})
        assert refused.status_code == 422
        assert "nothing was changed" in refused.text
    assert look(select(Customer.name).where(Customer.id == sample.rich)) == before == ["Acme"]


def test_erasing_shows_what_went_and_the_pseudonym_that_stays(admin, sample, look):
    external = look(select(Customer.external_id).where(Customer.id == sample.rich))[0]
    whom = {"kind": "customer", "name": external, "again": external}
    shown = admin.post("/privacy/erase", data=whom)
    assert shown.status_code == 200
    assert "Erased: 1 ticket, 1 customer" in shown.text
    assert "being written anew" in shown.text
    assert look(select(Customer.name).where(Customer.id == sample.rich)) == ["Erased customer"]
    assert admin.post("/privacy/erase", data=whom).status_code == 404


def test_what_is_kept_of_a_customer_comes_as_a_file(admin, sample, look):
    external = look(select(Customer.external_id).where(Customer.id == sample.rich))[0]
    answer = admin.post("/privacy/about", data={"kind": "customer", "name": external})
    assert answer.headers["content-disposition"] == 'attachment; filename="about-customer.json"'
    assert answer.json()["customers"][0]["name"] == "Acme"
    assert answer.json()["tickets"][0]["text"] == "my secret words"
