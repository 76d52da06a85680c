"""Sprints and their plans: a proposal that people mark, and then commit."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response
from pydantic import BaseModel, ConfigDict, Field

from app.actions import plans
from app.core.errors import Invalid
from app.core.permissions import Permission
from app.core.vocabulary import Phase
from app.views.plans import PlanPage, SprintList, plan_page, sprint_list
from app.web.desk import AtDesk, Desk, needs
from app.web.faces import Faces, back_to

faces = Faces("sprints")
pages: APIRouter = faces.pages
api: APIRouter = faces.api


@faces.show("/sprints", "sprints/page.html", Permission.board_read, api="/sprints")
def sprints(desk: AtDesk) -> SprintList:
    """List sprints, newest first."""
    return sprint_list(desk.reader, today=desk.today)


@faces.show("/s/{slug}/plan", "plan/page.html", Permission.board_read, api="/sprints/{slug}/plan")
def plan(desk: AtDesk, slug: str) -> PlanPage:
    """Show who would fix what and why, or what was committed."""
    return plan_page(desk.reader, slug, at=desk.at)


@pages.post("/sprints")
@needs(Permission.sprint_write)
def create(
    desk: AtDesk,
    name: Annotated[str, Form(max_length=80)],
    starts_on: Annotated[date, Form()],
    ends_on: Annotated[date, Form()],
) -> Response:
    """Make a sprint."""
    new = plans.NewSprint(name, starts_on, ends_on)
    slug = plans.create(desk.db, new, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, f"/s/{slug}/plan", "/sprints")


@pages.post("/s/{slug}/phase")
@needs(Permission.sprint_write)
def set_phase(desk: AtDesk, slug: str, phase: Annotated[Phase, Form()]) -> Response:
    """Move a sprint to another phase."""
    plans.set_phase(desk.db, slug, phase, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, None, "/sprints")


@pages.post("/s/{slug}/plan/choice")
@needs(Permission.plan_write)
def set_choice(
    desk: AtDesk, slug: str, choice_share: Annotated[float, Form(ge=0, le=100)]
) -> Response:
    """Change the share of days that is left to the teams; a percentage or a part of one."""
    desk.admit_for(None)
    share = choice_share / 100 if choice_share > 1 else choice_share
    plans.set_choice_share(desk.db, slug, share, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, f"/s/{slug}/plan", "/sprints")


ASKED = {"block": "Say what the bug waits for.", "unready": "Say what the bug still lacks."}


class MarkForm(BaseModel):
    """Pin a bug, decline it, say what it waits for or lacks, bundle it, or take that back.

    `why` is the text of whatever is done: the reason, what it waits for, what is missing.
    """

    model_config = ConfigDict(extra="forbid")

    bug_id: int = Field(ge=1, le=2**31 - 1)
    do: Literal["pin", "decline", "block", "unready", "bundle", "clear"]
    team_id: int | None = Field(None, ge=1, le=2**31 - 1)
    why: str = Field("", max_length=500)
    bundle: str = Field("", max_length=80)

    @property
    def wish(self) -> plans.Mark:
        """What is said, complete; a text that is needed and not there is asked for."""
        if self.do == "pin" and self.team_id is None:
            raise Invalid("Say to which team the bug is pinned.")
        if self.do in ASKED and not self.why.strip():
            raise Invalid(ASKED[self.do])
        return plans.Mark(
            self.bug_id,
            pinned_team_id=self.team_id if self.do == "pin" else None,
            declined=self.do == "decline",
            why=self.why if self.do == "decline" else "",
            blocked_by=self.why if self.do == "block" else "",
            missing=self.why if self.do == "unready" else "",
            bundle="" if self.do == "clear" else None,
        )


@pages.post("/s/{slug}/plan/mark")
@needs(Permission.plan_write)
def mark(desk: AtDesk, slug: str, said: Annotated[MarkForm, Form()]) -> Response:
    """Say something about a bug before the plan is committed."""
    _admit_mark(desk, slug, said)
    actor, at = desk.visitor.name, desk.at
    if said.do == "bundle":
        plans.bundle(desk.db, slug, said.bug_id, said.bundle, actor=actor, at=at)
    else:
        plans.mark(desk.db, slug, said.wish, actor=actor, at=at)
    return back_to(desk, f"/s/{slug}/plan", "/sprints")


def _admit_mark(desk: Desk, slug: str, said: MarkForm) -> None:
    """Let a team's lead mark their own team's bugs, and take what belongs to nobody."""
    if desk.visitor.leads is None:
        return
    team = plans.concerned(desk.reader, slug, said.bug_id)
    if said.do == "pin":
        desk.admit_for(said.team_id)
    if said.do != "pin" or team is not None:
        desk.admit_for(team)


@pages.post("/s/{slug}/plan/commit")
@needs(Permission.sprint_write)
def commit(desk: AtDesk, slug: str) -> Response:
    """Freeze rank and reasons, and put the planned bugs into the sprint."""
    plans.commit(desk.db, slug, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, f"/s/{slug}/board", "/sprints")
