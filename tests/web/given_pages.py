"""Every page by name: its template, its model, and who looks at it."""

from types import SimpleNamespace

from app.views.account import Account
from app.views.audit import Audit
from app.views.forms import source_form
from app.views.plans import SprintList
from app.views.shapes import WAY, AreaLine, AreaMap, Cell, Column
from app.views.sources import Sources
from app.views.teams import Teams
from app.views.tv import WallboardLine, Wallboards
from app.web.rendering import render
from tests.web import (
    given,
    given_outbox,
    given_people,
    given_ranking,
    given_setup,
    given_work,
)

ADMIN = given.shell()
VISITOR = given.shell("viewer", signed_in=False, team=None, team_id=None)
NOBODY_YET = given.shell(sprint=None, sources=[])
NOTHING = {"rows": [], "matching": 0, "next": None}
DOOR = SimpleNamespace(
    next="/board", error=None, demo=True, provider=False, stranger=None, fresh=True
)
MISSING = {"status": 404, "title": "There is no bug 99.", "type": "not-found", "instance": "r1"}
WALLBOARD = WallboardLine(
    id=1,
    label=given.LONG,
    made_by="Ana",
    created_at=given.NOW,
    expires_at=given.NOW,
    seen_at=None,
    state="good",
)
CELLS = [
    Cell(state="open", asked="handed_back,open,reopened", count=7, heat=4),
    Cell(state="left", asked="declined,duplicate,wontfix", count=0, heat=0),
]

PAGES = {
    "board": ("board/page.html", given.board(), ADMIN),
    "board-visitor": ("board/page.html", given.board(), VISITOR),
    "board-engineer": (
        "board/page.html",
        given.board(
            rows=[
                given.row(n, state=("open", "claimed")[n % 3 == 0], team_id=n % 2 + 1)
                for n in range(1, 9)
            ]
        ),
        given.shell("engineer"),
    ),
    "board-empty": (
        "board/page.html",
        given.board(**NOTHING, total=0, notes=[], header=given.header(burnup=[], scope=0)),
        ADMIN,
    ),
    "board-filtered": (
        "board/page.html",
        given.board(
            **NOTHING,
            filter=given.ODD,
            less=given.LESS,
        ),
        ADMIN,
    ),
    "bug": ("bugs/page.html", given_work.bug(), ADMIN),
    "bug-bare": (
        "bugs/page.html",
        given_work.bug(row=None, why=None, sprint=None, rank=None, url=None, text="", tickets=[]),
        VISITOR,
    ),
    "tickets": ("tickets/page.html", given_work.inbox(), ADMIN),
    "tickets-done": ("tickets/page.html", given_work.inbox(**NOTHING), ADMIN),
    "tickets-filtered": ("tickets/page.html", given_work.inbox(**NOTHING, q="x"), ADMIN),
    "tickets-empty": ("tickets/page.html", given_work.inbox(**NOTHING, total=0), ADMIN),
    "teams": ("teams/page.html", given.teams(), ADMIN),
    "teams-empty": ("teams/page.html", Teams(sprint=None, items=[], unowned_areas=[]), NOBODY_YET),
    "plan": ("plan/page.html", given_work.plan(), ADMIN),
    "plan-frozen": (
        "plan/page.html",
        given_work.plan(frozen_hash="9f2c" * 16, committed_at=given.NOW),
        VISITOR,
    ),
    "plan-empty": ("plan/page.html", given_work.plan(teams=[], rejected=[]), ADMIN),
    "ranking": ("ranking/page.html", given_ranking.ranking(), ADMIN),
    "ranking-now": (
        "ranking/page.html",
        given_ranking.ranking(trying=False, version=None, items=[]),
        VISITOR,
    ),
    "sprints": ("sprints/page.html", SprintList(items=[given.SPRINT]), ADMIN),
    "sprints-empty": ("sprints/page.html", SprintList(items=[]), NOBODY_YET),
    "outbox": ("outbox/page.html", given_outbox.outbox(), ADMIN),
    "outbox-lead": ("outbox/page.html", given_outbox.outbox(), given.shell("support_lead")),
    "outbox-empty": ("outbox/page.html", given_outbox.nothing(), NOBODY_YET),
    "impact": ("impact/page.html", given_work.impact(), ADMIN),
    "impact-early": (
        "impact/page.html",
        given_work.impact(
            fixes=[], leftovers=[], teams=[], burnup=[], arr_touched=None, oldest_bug=None
        ),
        VISITOR,
    ),
    "details": ("details/page.html", given_setup.details(), ADMIN),
    "details-early": ("details/page.html", given_setup.details(early=True), VISITOR),
    "sources": ("sources/page.html", given.sources(), ADMIN),
    "sources-empty": ("sources/page.html", Sources(items=[], kinds=["zendesk"]), ADMIN),
    "source-new": ("connect/page.html", source_form("github"), ADMIN),
    "source-refused": ("connect/page.html", given_setup.form(error="Say more."), ADMIN),
    "welcome": ("welcome/page.html", given_setup.welcome(), ADMIN),
    "welcome-fresh": (
        "welcome/page.html",
        given_setup.welcome(1, sources=[], areas=0, ranked=0, lacking=["tickets", "bugs"]),
        VISITOR,
    ),
    "welcome-last": ("welcome/page.html", given_setup.welcome(7, sources=[]), NOBODY_YET),
    "welcome-done": ("welcome/page.html", given_setup.welcome(8, board="spring"), ADMIN),
    "audit": ("audit/page.html", given.audit(), ADMIN),
    "privacy": ("privacy/page.html", given.privacy(), ADMIN),
    "audit-empty": ("audit/page.html", Audit(items=[], next=None), ADMIN),
    "board-columns": (
        "board/page.html",
        given.board(
            shape="columns",
            columns=[
                Column(
                    state=state,
                    asked=state,
                    count=70 - 9 * n,
                    rows=[given.row(9 * n + k) for k in range(n)],
                )
                for n, state in enumerate(WAY)
            ],
        ),
        ADMIN,
    ),
    "board-areas": (
        "board/page.html",
        given.board(
            shape="areas",
            areas=AreaMap(
                states=["open", "left"],
                lines=[
                    AreaLine(key=key, name=given.LONG, cells=CELLS, count=7, waiting_days=412)
                    for key in ("mail", "")
                ],
            ),
        ),
        VISITOR,
    ),
    "wallboards": ("tv/page.html", Wallboards(items=[WALLBOARD]), ADMIN),
    "wallboards-new": (
        "tv/page.html",
        Wallboards(items=[], made="https://x.example/tv/bsw_x", made_label=given.LONG),
        ADMIN,
    ),
    "me": ("me/page.html", given_people.account(), ADMIN),
    "me-proxied": ("me/page.html", given_people.account(proxied=True, sign_ins=[]), ADMIN),
    "me-program": ("me/page.html", Account(), VISITOR),
    "me-again": ("me/page.html", given_people.account(again=True), ADMIN),
    "me-again-elsewhere": (
        "me/page.html",
        given_people.account(again=True, password=False),
        ADMIN,
    ),
    "me-second-on": ("me/page.html", given_people.account(second=True), ADMIN),
    "first-password": ("first_password/page.html", given_people.account(error="No."), ADMIN),
    "factor-none": ("second_factor/page.html", given_people.factor("none"), ADMIN),
    "factor-off": ("second_factor/page.html", given_people.factor("off", owed=True), ADMIN),
    "factor-begun": ("second_factor/page.html", given_people.factor("begun", error="No."), ADMIN),
    "factor-on": ("second_factor/page.html", given_people.factor("on", demanded=True), ADMIN),
    "sign-in-code": ("code/page.html", SimpleNamespace(next="/", error="No."), None),
    "people-first-password": (
        "people/page.html",
        given_people.staff(given="x7_fw", given_to="ana@example.com"),
        ADMIN,
    ),
    "people": ("people/page.html", given_people.staff(), ADMIN),
    "people-new-token": ("people/page.html", given_people.staff(made="bsp_x"), ADMIN),
    "people-empty": ("people/page.html", given_people.staff(people=[], tokens=[]), NOBODY_YET),
    "sign-in": ("sign_in/page.html", DOOR, VISITOR),
    "sign-in-refused": (
        "sign_in/page.html",
        SimpleNamespace(
            next="/",
            error="They do not belong together.",
            demo=False,
            provider=True,
            stranger="eve@example.com",
            fresh=False,
        ),
        None,
    ),
    "problem": ("problem/page.html", MISSING, None),
}


def drawn(name: str) -> str:
    """Return a page as HTML."""
    template, view, shell = PAGES[name]
    return render(template, view=view, shell=shell)
