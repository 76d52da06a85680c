"""The first steps and a source's form, with what can be on them."""

from datetime import date

from app.core.progress import WAY
from app.core.vocabulary import RunKind, RunState
from app.views.forms import source_form
from app.views.reports.details import Details, FlowDay, WaitChart, WaitedFix
from app.views.runs import AreaFound, Counted, RunLine, Runs, StreamRun, TestFound
from app.views.welcome import TITLES, NewSource, Step, Welcome
from tests.web.given import LONG, NOW, SPRINT


def run(kind: str, state: str = "done", **more):
    facts = {
        "kind": RunKind(kind),
        "state": RunState(state),
        "alive": False,
        "words": "Done.",
        "streams": [StreamRun(name="tickets", count=900, total=1_304)],
        "share": 0.69,
        "started_at": NOW,
        "ended_at": NOW,
    }
    return RunLine(**facts | more)


def tested(**more):
    facts = {
        "who": LONG,
        "scopes": ["read"],
        "quota": "690 of 700 requests a minute left",
        "clock_skew_seconds": -600.0,
        "samples": ["E… hang…", LONG],
        "warnings": ["API tokens are legacy."],
    }
    return TestFound(**facts | more)


def counted():
    return Counted(
        tickets=8_412,
        bugs=317,
        customers=90,
        links=2_905,
        unmatched=41,
        refused=1,
        states=[("Ready for QA", "in_progress", 12), (LONG, "open", 1)],
        severities={"S1": 3, "unknown": 314},
        areas=[AreaFound(name="Mail", team="Mail and News", bugs=300)],
        no_area=17,
        strange=[(LONG, 4), ("ui", 2)],
        tags=[("vip", 20)],
        closed=["The ratings are closed to us."],
        sentence="It would import 8,412 tickets; about 9 of 10 requests a minute for 6 minutes.",
    )


def runs(**more):
    facts = {
        "test": run("test"),
        "dry_run": run("dry_run"),
        "reading": run("reading", "running", alive=True, words="It is being read: 900 records."),
        "tested": tested(),
        "counted": counted(),
    }
    return Runs(**facts | more)


def source(name: str = "zendesk", noun: str = "tickets", **more):
    facts = {"name": name, "kind": name, "noun": noun, "paused": True, "read": False}
    return NewSource(**facts | {"note": "", "runs": runs()} | more)


def welcome(now: int = 5, **more):
    steps = [
        Step(number=n, title=title, done=n < now, now=n == now) for n, title in enumerate(TITLES, 1)
    ]
    facts = {
        "fresh": now == 1,
        "steps": steps,
        "sources": [source(), source("github", "bugs", read=True, note="Partly.")],
        "kinds": {"github": "GitHub", "zendesk": "Zendesk"},
        "lacking": [],
        "teams": 2,
        "areas": 3,
        "unowned": ["Bookmarks"],
        "ranked": 12,
        "board": None,
        "starts_on": date(2026, 12, 7),
        "ends_on": date(2026, 12, 20),
    }
    return Welcome(**facts | more)


def form(**more):
    return source_form("zendesk", {"name": "support", "subdomain": LONG}, **more)


def details(*, early: bool = False):
    days = [] if early else [f"2026-11-{day}" for day in range(16, 22)]
    waits = [WaitedFix(bug_id=n, title=LONG, day=day, days=n * 90) for n, day in enumerate(days)]
    counts = dict.fromkeys(WAY, 3)
    return Details(
        sprint=SPRINT,
        flow=[FlowDay(day=day, counts=counts) for day in days],
        flow_finding="3 bugs open.",
        waits=WaitChart(fixes=waits, calendar=days, p50=180, p85=None, finding="So it is."),
        as_of=NOW,
    )
