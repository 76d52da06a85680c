"""Pages to draw: one full, one bare and one awkward of each, without a database."""

from datetime import UTC, date, datetime, timedelta

from app.core.permissions import granted
from app.core.vocabulary import Role
from app.views.audit import Audit
from app.views.filters import Chip, Filter, Less, Mend, Part
from app.views.models import BoardRow, NoteLine, TeamChoice
from app.views.privacy import ErasureLine, Period, Privacy
from app.views.saved_views import ViewLine
from app.views.shapes import ShapedBoard
from app.views.shell import Freshness, Shell, SprintHead
from app.views.sources import DeadLine, SourceCard, Sources, StreamLine
from app.views.strip import Header, Outlook, Point
from app.views.teams import MemberLine, TeamCard, Teams

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
LONG = "Rechtschreibprüfungswörterbuchaktualisierungsfehlermeldung im Adressbuch " * 3
TITLES = [
    "Draft lost when the connection drops",
    LONG,
    "رسالة لا تُرسل عند استخدام خادم بروكسي",
    "<script>alert(1)</script> & “quotes”",
]
STATES = [
    "open",
    "claimed",
    "fixed",
    "released",
    "told",
    "confirmed",
    "reopened",
    "handed_back",
    "declined",
]
SPRINT = SprintHead(
    id=1,
    slug="autumn",
    name="Autumn sprint 2026",
    phase="run",
    starts_on=date(2026, 11, 16),
    ends_on=date(2026, 11, 29),
    day=6,
    days=14,
    demo=True,
    committed=True,
)
TEAMS = [TeamChoice(id=i + 1, key=f"team-{i}", name=name) for i, name in enumerate(["Core", "UI"])]


def shell(role: str = "admin", **more):
    facts = {
        "name": "Ana Kovač",
        "initials": "AK",
        "role": role,
        "team": "Core",
        "team_id": 1,
        "signed_in": True,
        "can": frozenset(p.value for p in granted(Role(role))),
        "sprint": SPRINT,
        "sources": [
            freshness("zendesk", "ok"),
            freshness("github", "failing"),
            freshness("jira", "degraded", good_at=None),
        ],
        "demo": True,
    }
    return Shell(**(facts | more))


def freshness(name: str, state: str, **more):
    facts = {"kind": name, "paused": False, "good_at": NOW, "note": "It refused the token."}
    return Freshness(name=name, state=state, **(facts | more))


def row(number: int = 1, **more):
    state = STATES[number % len(STATES)]
    facts = {
        "id": number,
        "source": "github",
        "external_id": str(number),
        "url": "https://tracker.example/1",
        "key": f"acme/app#{number}",
        "title": TITLES[number % len(TITLES)],
        "state": state,
        "state_word": state,
        "lane": ["high_profile", "own_lingering", "choice"][number % 3],
        "team": "Core" if number % 3 else None,
        "team_id": 1 if number % 3 else None,
        "area": "Composer" if number % 2 else None,
        "severity": "S2" if number % 2 else None,
        "effort": "M" if number % 2 else None,
        "frozen_rank": number if number % 4 else None,
        "live_rank": number + 2 if number % 5 else None,
        "score": 120.5 / number,
        "share": 1 / number,
        "tickets": 1304 // number,
        "customers": number % 3,
        "recent_tickets": 3,
        "arr_band": "1–10 M",
        "first_report": NOW - timedelta(days=400),
        "waiting_days": 400 * number,
        "owner": "Björn Ragnvaldsson-Östergård" if state == "claimed" else None,
        "claimed_at": NOW if state == "claimed" else None,
        "resolved_at": NOW if state == "fixed" else None,
        "why": "3 customers have waited up to 400 days.",
        "reasons": ["Core owns its area."],
        "version": 1,
    }
    return BoardRow(**(facts | more))


def header(**more):
    counts = [
        "open",
        "claimed",
        "fixed",
        "released",
        "reopened",
        "left",
        "tickets",
        "tickets_resolved",
        "customers",
        "customers_told",
        "blocked",
    ]
    points = [Point(day=f"2026-11-{16 + i}", scope=120, fixed=i * 9) for i in range(6)]
    outlook = Outlook(low=98, high=112, words="")
    facts = dict.fromkeys(counts, 12) | {"scope": 120, "burnup": points, "forecast": outlook}
    return Header(**(facts | more))


def note(number: int = 900, **more):
    facts = {"at": NOW, "actor": "Ana", "verb": "claimed", "text": f"Ana claimed “{LONG}”."}
    return NoteLine(id=number, **(facts | {"bug_id": number} | more))


def filtered(text: str = "", **more):
    facts = {"chips": [], "parts": [], "mends": [], "picks": dict.fromkeys(PICKS, "")}
    return Filter(text=text, written=text, **(facts | more))


PICKS = ("state", "team", "lane")
ODD = filtered(
    "state:told tem:core quux",
    chips=[Chip(text="state:told", rest="quux"), Chip(text="quux", rest="state:told")],
    parts=[Part(text="state:told ", odd=False), Part(text="tem:core", odd=True)],
    mends=[
        Mend(word="tem", said="There is no field “tem”.", instead="team:core", mended="team:core"),
        Mend(word="x", said="There is no label “x”.", instead=None, mended=""),
    ],
)


def view(number: int = 1, **more):
    facts = {"q": "state:open", "shape": "list", "scope": "me", "team": None, "owner": "Ana"}
    whose = {"name": f"View {number}", "mine": True, "deleted": False}
    return ViewLine(id=number, **(facts | whose | more))


LESS = [Less(text="state:told", rest="quux", matching=3, alone=9)]
VIEWS = [
    view(1),
    view(2, name=LONG[:60], scope="team", team="Core", mine=False),
    view(3, scope="all", mine=False),
    view(4, deleted=True),
]


def board(**more):
    facts = {
        "sprint": SPRINT,
        "header": header(),
        "rows": [row(n) for n in range(1, 41)],
        "total": 120,
        "matching": 120,
        "next": "40",
        "q": "",
        "state": "",
        "team": "",
        "lane": "",
        "teams": TEAMS,
        "notes": [note(900 - n) for n in range(9)],
        "latest": 900,
        "filter": filtered(),
        "less": [],
        "views": VIEWS,
    }
    return ShapedBoard(**(facts | more))


def teams():
    people = [
        MemberLine(
            name=name, initials="AB", discipline="engineering", days=6, leave_days=1, lead=True
        )
        for name in ("Ana Kovač", "Björn Ragnvaldsson-Östergård")
    ]
    cards = [
        TeamCard(
            id=team.id,
            key=team.key,
            name=team.name + LONG[:40],
            areas=["Composer", "Mail"],
            members=people,
            person_days=20,
            leave_days=2,
            capacity_days=12,
            fixed_capacity=None,
            focus_factor=0.6,
            load_days=load,
            claimed_days=3,
            share=load / 12,
            claimed_share=0.25,
            assigned=4,
            claimed=2,
            fixed=1,
            verdict="has room",
        )
        for team, load in zip(TEAMS, (4, 15), strict=True)
    ]
    return Teams(sprint=SPRINT, items=cards, unowned_areas=["Bookmarks"])


def sources():
    card = SourceCard(
        id=1,
        name="zendesk",
        kind="zendesk",
        state="failing",
        state_word="failing",
        note="Zendesk refused the token.",
        clock="Our clock is 600 s ahead of that of zendesk.",
        remedy="Make a new token.",
        paused=False,
        address="https://example.zendesk.com",
        options={"subdomain": "example"},
        secrets=["api_token"],
        tried_at=NOW,
        good_at=None,
        streams=[StreamLine(name="tickets", state="ok", note="", kept=1304, read_at=NOW)],
        dead=1,
        dead_letters=[
            DeadLine(id=1, stream="tickets", external_id=None, reason="No date.", at=NOW)
        ],
        next_at=NOW,
        lag="true as of 3 hours ago, though it is read every 5 minutes",
        quota="3 of 10 requests used in the last minute",
        secret_names=["client_secret"],
    )
    return Sources(
        items=[card, card.model_copy(update={"name": "github", "paused": True})], kinds=["zendesk"]
    )


def audit():
    return Audit(items=[note(n, bug_id=None) for n in range(5)], next="800")


def privacy():
    periods = [Period(name="text", words="ticket text", days=90, least=1, most=3650)]
    line = ErasureLine(kind="person", subject="00ff" * 4, by=LONG[:60], at=NOW)
    return Privacy(
        periods=periods, erasures=[line], sources=["zendesk"], waiting=True, unasked=2, said="Done."
    )
