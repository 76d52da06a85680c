"""More pages to draw: bugs, tickets, plans and the report."""

from app.views.bug_story import Moment, SinceFix
from app.views.bugs import BugPage, LinkedTicket, SizeOf, Twin
from app.views.inbox import Inbox
from app.views.models import LinkLine, TicketRow
from app.views.plans import PlanLine, PlanPage, TeamPlan
from app.views.reports.impact_sheet import FixLine, Impact, Leftover, TeamLine
from app.views.why import Stake, Tier, Why
from tests.web import given_outbox
from tests.web.given import LONG, NOW, SPRINT, TEAMS, TITLES, header, note, row


def ticket(number: int = 1, **more):
    states = ("suggested", "confirmed", "rejected")
    line = LinkLine(
        id=number,
        bug_id=1,
        key="acme/app#1",
        title=LONG,
        state=states[number % 3],
        origin="text",
        importance=2,
    )
    facts = {
        "id": number,
        "source": "zendesk",
        "external_id": str(900 + number),
        "url": "https://help.example/1",
        "subject": TITLES[number % len(TITLES)],
        "text": "Hello,\n\n<b>it is broken</b>." if number % 2 else None,
        "status": "open",
        "priority": "high",
        "type": None,
        "customer": "Meyer Logistik GmbH & Co. KG",
        "tier": "enterprise",
        "tags": ["mail", LONG.split()[0]],
        "own_tags": ["bugsprint"],
        "created_at": NOW,
        "updated_at": NOW,
        "solved_at": None,
        "reopens": 1,
        "csat": None,
        "links": [line] if number % 4 else [],
    }
    return TicketRow(**(facts | more))


def inbox(**more):
    facts = {
        "rows": [ticket(n) for n in range(1, 9)],
        "show": "waiting",
        "q": "",
        "status": "",
        "waiting": 412,
        "suggested": 3,
        "linked": 9,
        "total": 1304,
        "matching": 412,
        "next": "8",
    }
    return Inbox(**(facts | more))


def why():
    stake = Stake(
        customer="Meyer Logistik GmbH & Co. KG",
        tier=None,
        arr=None,
        arr_band="1–10 M",
        tickets=3,
        importance=3,
        waiting_days=412,
        importance_points=3,
        waiting_points=2.5,
        ticket_points=0.8,
        weight=1.5,
        contribution=9.4,
        share=1,
    )
    return Why(
        score=18.8,
        severity_factor=1,
        severity_known=False,
        policy_version=3,
        as_of=NOW,
        stakes=[stake] * 27,
        more_stakes=1,
        more_points=0.4,
        best_place=2,
        worst_place=5,
        would_change="One more critical ticket would put it first.",
        banded=True,
        since=NOW,
        tiers=[Tier(name="enterprise", customers=20), Tier(name=None, customers=8)],
        arr=None,
        arr_band="1–10 M",
    )


def bug(**more):
    states = ("confirmed", "suggested", "rejected")
    linked = [
        LinkedTicket(link_id=n, state=state, origin="manual", importance=2, ticket=ticket(n))
        for n, state in enumerate(states, 1)
    ]
    twin = Twin(id=7, key="acme/app#7", title="The same", by="Ana")
    who = given_outbox.told()
    return BugPage(**(bug_facts() | {"tickets": linked, "twins": [twin], "told": who} | more))


def bug_facts():
    return {
        "id": 1,
        "source": "github",
        "external_id": "1",
        "key": "acme/app#1",
        "url": "https://tracker.example/1",
        "title": LONG,
        "text": "# Steps\n\n1. write\n\n```\n"
        + "trace " * 80
        + "\n```\n<img src=x onerror=alert(1)>",
        "status_raw": "NEW",
        "status_category": "open",
        "resolution": None,
        "visibility": "deleted",
        "labels": ["dataloss"],
        "components": ["Composer"],
        "assignees": ["neil"],
        "created_at": NOW,
        "updated_at": NOW,
        "closed_at": NOW,
        "area": "Composer",
        "area_key": "composer",
        "area_owner": "Core",
        "area_why": f"Its rule component:Composer* fits “{LONG}”.",
        "owner": "Ana Kovač",
        "team": "Core",
        "rank": 3,
        "row": row(1),
        "sprint": SPRINT,
        "why": why(),
        "size": SizeOf(counts="M", said="M", by="Ana", needs=["design"], labelled=["qa"]),
        "suggested": 1,
        "more_tickets": 5,
        "stands_for": None,
        "notes": [note()],
        "teams": TEAMS,
    } | story()


def story():
    return {
        "timeline": [
            Moment(at=NOW, text="Ana fixed it.", note=1),
            Moment(at=NOW, text=f"It was reported in github as {LONG}."),
        ],
        "since_fix": SinceFix(
            fixed_at=NOW, released_at=NOW, confirmed=False, tickets=3, still_broken=1
        ),
        "names": ["acme/old#1", LONG],
    }


def plan_line():
    return PlanLine(
        id=1,
        bug_id=1,
        source="github",
        external_id="1",
        url=None,
        key="acme/app#1",
        title=LONG,
        rank=1,
        score=18.8,
        effort=None,
        effort_days=1,
        lane="high_profile",
        reasons=["Core owns its area."],
        pinned=True,
        declined=False,
        needs=["design", "qa"],
        blocked_by="the new mail server",
        missing=["steps to reproduce it"],
        bundle="composer",
        holder="UI",
    )


def plan(**more):
    line = plan_line()
    lanes = {"high_profile": 3.0, "own_lingering": 1.0, "choice": 0.5}
    shares = [
        TeamPlan(
            team=team,
            capacity_days=12,
            reserved_days=3.6,
            planned_days=4.5,
            free_days=3.9,
            by_lane=lanes,
            lines=lines,
        )
        for team, lines in zip(TEAMS, ([line], []), strict=True)
    ]
    facts = {
        "sprint": SPRINT,
        "choice_share": 0.3,
        "candidates": 40,
        "planned": 1,
        "value": 18.8,
        "teams": shares,
        "rejected": [line.model_copy(update={"lane": None, "pinned": False, "declined": True})],
        "more_rejected": 4,
        "frozen_hash": None,
        "committed_at": None,
    }
    return PlanPage(**(facts | more))


def impact(**more):
    fix = FixLine(
        bug_id=1,
        key="acme/app#1",
        title=LONG,
        team="Core",
        fixed_at=NOW,
        tickets=9,
        customers=3,
        arr_band="1–10 M",
        customer_days=900,
        oldest_days=1500,
    )
    left = Leftover(
        bug_id=2,
        key="acme/app#2",
        title=LONG,
        state_word="declined",
        team=None,
        customers=2,
        why="Ana R. declined it: larger than the timebox.",
    )
    line = TeamLine(
        team="Core", assigned=9, fixed=4, open=5, tickets_resolved=30, customers_helped=12
    )
    numbers = [
        "reopened",
        "left",
        "tickets_without_fix",
        "tickets_waiting",
        "customer_days",
        "oldest_days",
    ]
    lists = {"fixes": [fix] * 5, "teams": [line] * 6, "leftovers": [left] * 5}
    return Impact(**(dict.fromkeys(numbers, 3) | impact_facts() | lists | more))


def impact_facts():
    return {
        "sprint": SPRINT,
        "headline": "47 of 120 customer bugs fixed, 612 tickets resolved because of it.",
        "meaning": "212 customers waited 40,312 days in all for what is fixed now.",
        "scope": 120,
        "fixed": 47,
        "tickets_behind": 1_480,
        "tickets_by_fix": 612,
        "customers_helped": 212,
        "customers_affected": 260,
        "arr_touched": 9_700_000,
        "arr_band": "1–10 M",
        "oldest_bug": "Draft lost",
        "burnup": header().burnup,
        "more_fixes": 42,
        "more_leftovers": 68,
        "as_of": NOW,
        "policy_version": 3,
        "data_hash": "9f2c4b1e" * 8,
    }
