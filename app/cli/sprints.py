"""`sprint` and `plan`: make a sprint, look at its plan, commit it."""

from datetime import date
from typing import Annotated

import typer

from app.actions import plans
from app.cli.opening import ACTOR, now, open_desk
from app.cli.saying import plural, say
from app.core.errors import Invalid
from app.views.plans import PlanPage, TeamPlan, plan_page, sprint_list
from app.views.shell import SprintHead

Slug = Annotated[str, typer.Argument(metavar="SPRINT", help="The sprint's address word.")]
Day = Annotated[str, typer.Option(metavar="DAY", help="As 2026-11-02.")]
Json = Annotated[bool, typer.Option("--json")]
tree = typer.Typer(help="Make, list and commit sprints.", no_args_is_help=True)


def add_to(program: typer.Typer) -> None:
    """Add these commands."""
    program.add_typer(tree, name="sprint")
    program.command()(plan)


@tree.command()
def create(name: Annotated[str, typer.Argument(metavar="NAME")], *, starts: Day, ends: Day) -> None:
    """Make a sprint between two days, both included; prints its address word."""
    new = plans.NewSprint(name, _day(starts), _day(ends))
    with open_desk() as desk, desk.writing() as db:
        say(plans.create(db, new, actor=ACTOR, at=now()))


@tree.command()
def commit(sprint: Slug) -> None:
    """Freeze the ranked list and the plan: from now on they no longer change."""
    with open_desk() as desk, desk.writing() as db:
        count = plans.commit(db, sprint, actor=ACTOR, at=now())
    say(f"The plan of {sprint} is committed: {plural(count, 'bug')} in scope.")


@tree.command("list")
def list_sprints(*, json: Json = False) -> None:
    """List every sprint, newest first."""
    with open_desk() as desk, desk.reading() as db:
        found = sprint_list(db, today=now().date())
    if json:
        say(found.model_dump_json())
        return
    if not found.items:
        say("There is no sprint yet; make one with `bugsprint sprint create NAME …`.")
    for each in found.items:
        say(_line(each))


def plan(sprint: Slug, *, json: Json = False) -> None:
    """Show who should fix what and why, or the plan that was committed."""
    with open_desk() as desk, desk.reading() as db:
        page = plan_page(db, sprint, at=now())
    if json:
        say(page.model_dump_json())
        return
    committed = page.committed_at
    state = f"committed {committed:%Y-%m-%d}" if committed else "a proposal"
    say(f"{page.sprint.name}: {state}, {page.planned} of {plural(page.candidates, 'bug')}.")
    for team in page.teams:
        _say_team(team)
    _say_rejected(page)


def _say_team(plan: TeamPlan) -> None:
    say()
    days = f"{plan.planned_days:.1f} of {plan.capacity_days:.1f} person-days planned"
    say(f"{plan.team.name}: {plural(len(plan.lines), 'bug')}, {days}")
    for line in plan.lines:
        reasons = " ".join(line.reasons)
        say(f"{line.rank:>4}  {line.effort_days:>4.1f} d  {line.key}  {line.title}  {reasons}")


def _say_rejected(page: PlanPage) -> None:
    if not page.rejected:
        return
    say()
    say(f"Left out: {plural(len(page.rejected) + page.more_rejected, 'bug')}")
    for line in page.rejected:
        say(f"{line.rank:>4}  {line.key}  {line.title}  {' '.join(line.reasons)}")


def _line(head: SprintHead) -> str:
    day = f"day {head.day} of {head.days}" if head.day else f"{head.days} days"
    return f"{head.slug}  {head.name}  {head.starts_on} – {head.ends_on}  {head.phase}  {day}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"“{text}” is not a day; write it as 2026-11-02.") from None
