"""Every noun as lines of JSON: the same state gives the same bytes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlmodel import Session

from app.core.references import own_names
from app.core.vocabulary import CustomerKind
from app.db.models import Area, Member, Sprint
from app.db.queries import exports

_encode = msgspec.json.Encoder().encode

BUG_FIELDS = (
    "external_id",
    "key",
    "url",
    "title",
    "type",
    "status_raw",
    "status_category",
    "resolution",
    "priority_raw",
    "severity",
    "labels",
    "components",
    "assignees",
    "created_at",
    "updated_at",
    "closed_at",
    "visibility",
)
ITEM_FIELDS = (
    "lane",
    "state",
    "frozen_rank",
    "frozen_score",
    "frozen_first_report",
    "reasons",
    "effort",
    "added_at",
    "claimed_by",
    "claimed_at",
    "resolved_at",
)
SPRINT_FIELDS = ("slug", "name", "starts_on", "ends_on", "phase", "choice_share")
MEMBER_FIELDS = ("name", "email", "discipline", "days", "leave_days", "lead")
OUTGOING_FIELDS = (
    "kind",
    "state",
    "transition",
    "target",
    "body",
    "public",
    "marker",
    "made_at",
    "made_by",
    "approved_at",
    "approved_by",
    "second_approval_by",
    "not_before",
    "attempts",
    "sent_at",
    "result",
)
ACTIVITY_FIELDS = (
    "id",
    "at",
    "actor",
    "verb",
    "sprint",
    "bug_source",
    "bug",
    "ticket",
    "team",
    "source",
    "detail",
)


def tickets(db: Session) -> Iterator[bytes]:
    """Give every ticket; `customer` is its organisation, `counted_as` whom the ranking counts."""
    for source_id, source in exports.source_names(db):
        for row in exports.tickets(db, source_id):
            yield _line(_ticket(source, row))


def _ticket(source: str, row: Sequence[Any]) -> dict[str, Any]:
    return {
        "source": source,
        "external_id": row[0],
        "url": row[1],
        "subject": row[2],
        "status": row[3],
        "priority": row[4],
        "type": row[5],
        "tags": row[6],
        "own_tags": row[7],
        "customer": row[8] if row[9] == CustomerKind.organization else None,
        "counted_as": row[8],
        "problem_external_id": row[10],
        "created_at": row[11],
        "updated_at": row[12],
        "solved_at": row[13],
        "reopens": row[14],
        "csat": row[15],
    }


def bugs(db: Session) -> Iterator[bytes]:
    """Give every bug; `aliases` are names it had besides its key and address."""
    for source_id, source in exports.source_names(db):
        for some in exports.bugs(db, source_id, BUG_FIELDS):
            names = exports.names_of_bugs(db, [row[0] for row in some])
            for bug_id, duplicate_of, area, *values in some:
                bug = dict(zip(BUG_FIELDS, values, strict=True))
                bug["aliases"] = _aliases(bug, names.get(bug_id, ()))
                yield _line({"source": source, **bug, "duplicate_of": duplicate_of, "area": area})


def _aliases(bug: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    return sorted(set(names) - own_names(bug["external_id"], bug["key"], (bug["url"] or "",)))


def customers(db: Session) -> Iterator[bytes]:
    """Give every customer; `arr` in whole units of the account's currency."""
    for source_id, source in exports.source_names(db):
        for external_id, kind, name, tier, cents, renewal, domains, deleted in exports.customers(
            db, source_id
        ):
            yield _line(
                {
                    "source": source,
                    "external_id": external_id,
                    "kind": kind,
                    "name": name,
                    "tier": tier,
                    "arr": _units(cents),
                    "renewal_on": renewal,
                    "domains": domains,
                    "deleted": deleted,
                }
            )


def _units(cents: int | None) -> int | float | None:
    if cents is None:
        return None
    return cents / 100 if cents % 100 else cents // 100


def links(db: Session) -> Iterator[bytes]:
    """Give every link between a ticket and a bug, by their external ids."""
    fields = ("ticket", "bug_source", "bug", "bug_key", "state", "origin", "importance")
    for source_id, source in exports.source_names(db):
        for row in exports.links(db, source_id):
            named = dict(zip((*fields, "decided_by", "made_at"), row, strict=True))
            yield _line({"source": source, **named})


def teams(db: Session) -> Iterator[bytes]:
    """Give every team with its members and areas."""
    members, areas = exports.members(db), exports.areas(db)
    fields = ("key", "name", "capacity_days", "focus_factor", "wip_limit")
    for team in exports.teams(db):
        own: list[Member] = [member for member in members if member.team_id == team.id]
        owned: list[Area] = [area for area in areas if area.team_id == team.id]
        yield _line(
            {
                **_of(team, fields),
                "members": [_of(member, MEMBER_FIELDS) for member in own],
                "areas": [_of(area, ("key", "name", "matches", "adjacent")) for area in owned],
            }
        )


def sprints(db: Session) -> Iterator[bytes]:
    """Give every sprint with what is in it."""
    for sprint, data_hash in exports.sprints(db):
        yield _line(
            {
                **_of(sprint, SPRINT_FIELDS),
                "committed_at": sprint.committed_at,
                "closed_at": sprint.closed_at,
                "data_hash": data_hash,
                "items": _items(db, sprint),
            }
        )


def _items(db: Session, sprint: Sprint) -> list[dict[str, Any]]:
    return [
        {"source": source, "bug": bug, "team": team, **_of(item, ITEM_FIELDS)}
        for item, source, bug, team in exports.items(db, sprint.id or 0)
    ]


def activity(db: Session) -> Iterator[bytes]:
    """Give the activity log, oldest first."""
    for row in exports.activity(db):
        yield _line(dict(zip(ACTIVITY_FIELDS, row, strict=True)))


def outgoing(db: Session) -> Iterator[bytes]:
    """Give every message to a customer, sent or not, and every tag and note of ours."""
    fields = ("bug_source", "bug", "customer", "ticket", *OUTGOING_FIELDS)
    for source_id, source in exports.source_names(db):
        for row in exports.outgoing(db, source_id, OUTGOING_FIELDS):
            yield _line({"source": source, **dict(zip(fields, row, strict=True))})


def dead_letters(db: Session) -> Iterator[bytes]:
    """Give the records that could not be read, without what stood in them."""
    fields = ("external_id", "stream", "reason", "payload_hash", "at")
    for source_id, source in exports.source_names(db):
        for row in exports.dead_letters(db, source_id):
            yield _line({"source": source, **dict(zip(fields, row, strict=True))})


NOUNS: Mapping[str, Callable[[Session], Iterator[bytes]]] = {
    "tickets": tickets,
    "bugs": bugs,
    "customers": customers,
    "links": links,
    "teams": teams,
    "sprints": sprints,
    "outgoing": outgoing,
    "activity": activity,
    "dead_letters": dead_letters,
}
"""The files of an export, in the order in which they are written."""


MADE_UP = "SYNTHETIC"
REAL_BUGS = "SeaMonkey report, CC BY 4.0; its course is SYNTHETIC"


def lines_of(db: Session, noun: str) -> Iterator[bytes]:
    """Give a noun's lines; in a demo's database each says that it is made up."""
    found = NOUNS[noun](db)
    if not exports.is_demo(db):
        return found
    mark = _encode({"data": REAL_BUGS if noun == "bugs" else MADE_UP})[1:]
    return (line[:-2] + b"," + mark + b"\n" for line in found)


def _of(row: object, fields: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in fields}


def _line(fields: Mapping[str, Any]) -> bytes:
    return _encode(fields) + b"\n"
