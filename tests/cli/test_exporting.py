"""The export: a fixed order, the contract's fields, the same bytes for the same state."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import Session

from app.core.vocabulary import CustomerKind, LinkState, TicketStatus
from app.db.engine import open_engine
from app.db.models import Activity, BugName, DeadLetter, Member, Outgoing
from tests import make
from tests.cli.desk import lines

NOUNS = {
    "tickets",
    "bugs",
    "customers",
    "links",
    "teams",
    "sprints",
    "outgoing",
    "activity",
    "dead_letters",
}
FIELDS = {
    "tickets": "source external_id url subject status priority type tags customer "
    "problem_external_id created_at updated_at solved_at",
    "bugs": "source external_id key aliases url title status_raw status_category resolution "
    "severity labels created_at updated_at closed_at visibility",
    "customers": "source external_id name tier arr renewal_on domains",
    "outgoing": "source bug_source bug customer ticket kind state body public made_by approved_by "
    "sent_at",
    "links": "ticket bug state origin importance",
}


@pytest.fixture
def filled(on_both, database_url):
    """The command on a database with a little of everything."""
    engine = open_engine(database_url)
    with Session(engine) as db:
        _fill(db)
    engine.dispose()
    return on_both


def _fill(db):
    desk, repo = make.source(db, name="desk"), make.source(db, "github", name="repo")
    team = make.team(db)
    db.add(Member(team_id=team.id or 0, name="Ann", email="ann@example.com"))
    area = make.area(db, team_id=team.id)
    bug = make.bug(db, "Ünïcode “quoted”", source_id=repo.id, external_id="9", area_id=area.id)
    other = make.bug(db, source_id=repo.id, external_id="10", duplicate_of_id=bug.id)
    db.add_all([BugName(name=name, bug_id=bug.id or 0) for name in ("old-1", bug.key)])
    org = make.customer(db, source_id=desk.id, external_id="77", arr_cents=1_234_550)
    whole = make.customer(db, source_id=desk.id, external_id="78", arr_cents=900_000)
    someone = make.customer(
        db, source_id=desk.id, external_id="requester:ab", kind=CustomerKind.requester
    )
    ticket = make.ticket(db, bug, source_id=desk.id, external_id="2", customer_id=org.id)
    make.ticket(db, other, source_id=desk.id, external_id="10", customer_id=whole.id)
    at = datetime(2026, 1, 6, 7, 8, 9, 120_000, tzinfo=UTC)
    make.ticket(
        db,
        bug,
        source_id=desk.id,
        external_id="1",
        customer_id=someone.id,
        status=TicketStatus.solved,
        solved_at=at,
        tags=["b", "a"],
        own_tags=["mine"],
        state=LinkState.suggested,
    )
    sprint = make.sprint(db, bug, slug="spring", starts_on=date(2026, 1, 5))
    db.add(Activity(at=at, actor="Ann", verb="claimed", sprint_id=sprint.id, bug_id=bug.id))
    for marker in ("BSP-2", "BSP-1"):
        db.add(
            _letter(desk.id, bug.id, marker, customer_id=org.id, ticket_id=ticket.id, made_at=at)
        )
    made: dict[str, Any] = {"stream": "tickets", "reason": "It is strange.", "payload": "{}"}
    db.add(DeadLetter(source_id=desk.id or 0, payload_hash="x", at=at, **made))
    db.commit()


def _letter(source_id, bug_id, marker, **more):
    fixed = {"kind": "told", "state": "sent", "transition": f"t {marker}", "target": "2"}
    said = {"body": f"It is fixed. {marker}", "public": True, "made_by": "Ann"}
    return Outgoing(source_id=source_id, bug_id=bug_id, marker=marker, **fixed, **said, **more)


def test_the_same_state_gives_the_same_bytes(filled, tmp_path):
    filled.done("export", tmp_path / "one")
    filled.done("export", tmp_path / "two")
    files = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert files == {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}
    assert files.keys() == {f"{noun}.jsonl" for noun in NOUNS}
    assert all(content for content in files.values())


def test_every_noun_has_the_fields_that_were_promised(filled, tmp_path):
    filled.done("export", tmp_path)
    for noun, fields in FIELDS.items():
        rows = lines(tmp_path, noun)
        assert rows
        assert all(set(fields.split()) <= row.keys() for row in rows), noun


def test_rows_come_in_the_order_of_their_text(filled, tmp_path):
    filled.done("export", tmp_path)
    assert [row["external_id"] for row in lines(tmp_path, "tickets")] == ["1", "10", "2"]
    assert [row["external_id"] for row in lines(tmp_path, "bugs")] == ["10", "9"]
    assert [(row["ticket"], row["bug"]) for row in lines(tmp_path, "links")] == [
        ("1", "9"),
        ("10", "10"),
        ("2", "9"),
    ]


def test_times_end_in_z_and_text_is_utf_8(filled, tmp_path):
    filled.done("export", tmp_path)
    solved = lines(tmp_path, "tickets")[0]
    assert solved["solved_at"] == "2026-01-06T07:08:09.120000Z"
    assert solved["created_at"] == "2026-01-05T09:00:00Z"
    raw = (tmp_path / "bugs.jsonl").read_bytes()
    assert "Ünïcode".encode() in raw
    assert b"+00:00" not in raw


def test_a_ticket_names_its_organisation_or_whom_the_ranking_counts(filled, tmp_path):
    filled.done("export", tmp_path)
    found = {
        row["external_id"]: (row["customer"], row["counted_as"])
        for row in lines(tmp_path, "tickets")
    }
    assert found == {"1": (None, "requester:ab"), "2": ("77", "77"), "10": ("78", "78")}


def test_nouns_name_each_other_by_what_they_are_called_in_their_source(filled, tmp_path):
    filled.done("export", tmp_path)
    bugs = {row["external_id"]: row for row in lines(tmp_path, "bugs")}
    assert bugs["9"]["aliases"] == ["old-1"]
    assert (bugs["9"]["area"], bugs["10"]["duplicate_of"]) == ("mail", "9")
    assert [row["arr"] for row in lines(tmp_path, "customers")] == [12345.5, 9000, None]
    assert lines(tmp_path, "teams")[0]["members"][0]["name"] == "Ann"
    [item] = lines(tmp_path, "sprints")[0]["items"]
    assert (item["source"], item["bug"], item["lane"]) == ("repo", "9", "high_profile")
    letters = lines(tmp_path, "outgoing")
    assert [letter["marker"] for letter in letters] == ["BSP-1", "BSP-2"]
    about = {"source": "desk", "bug_source": "repo", "bug": "9", "customer": "77", "ticket": "2"}
    assert about.items() <= letters[0].items()
    note = lines(tmp_path, "activity")[-1]
    assert (note["sprint"], note["bug_source"], note["bug"]) == ("spring", "repo", "9")
    assert lines(tmp_path, "dead_letters")[0]["reason"] == "It is strange."


def test_every_line_of_a_demo_says_that_it_is_made_up(filled, database_url, tmp_path):
    filled.done("export", tmp_path / "real")
    assert not any("data" in row for noun in NOUNS for row in lines(tmp_path / "real", noun))
    engine = open_engine(database_url)
    with Session(engine) as db:
        make.sprint(db, slug="shown", demo=True)
        db.commit()
    engine.dispose()
    filled.done("export", tmp_path / "demo")
    for noun in NOUNS:
        marks = {row["data"] for row in lines(tmp_path / "demo", noun)}
        (mark,) = marks
        assert "SYNTHETIC" in mark
        assert ("CC BY 4.0" in mark) == (noun == "bugs")


def test_a_file_in_the_place_of_the_folder_is_refused(filled, tmp_path):
    (tmp_path / "taken").write_text("mine")
    said = filled("export", tmp_path / "taken")
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert (tmp_path / "taken").read_text() == "mine"
