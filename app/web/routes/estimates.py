"""What a fix takes, said by those who plan."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response
from pydantic import BaseModel, ConfigDict, Field

from app.actions import estimates
from app.core.permissions import Permission
from app.core.vocabulary import Discipline, Effort
from app.web.desk import AtDesk, needs
from app.web.faces import back_to

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1/bugs", tags=["bugs"])
BugId = Annotated[int, Field(ge=1, le=2**31 - 1)]
Needs = list[Discipline]


class Estimate(BaseModel):
    """The size of a fix (null: what the tracker's label says, else M), and who is needed for it."""

    model_config = ConfigDict(extra="forbid")

    effort: Effort | None = None
    needs: Needs = Field([], max_length=len(Discipline))


@pages.post("/bugs/{bug_id}/estimate")
@needs(Permission.plan_write)
def estimate_by_form(
    desk: AtDesk,
    bug_id: BugId,
    effort: Annotated[Effort | Literal[""], Form()] = "",
    needed: Annotated[Needs, Form(max_length=len(Discipline))] = [],  # noqa: B006 - FastAPI copies
    back: Annotated[str | None, Form(max_length=500)] = None,
) -> Response:
    """Say what a fix takes."""
    said = estimates.Size(effort or None, needed)
    estimates.estimate(desk.db, bug_id, said, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, back, f"/bugs/{bug_id}")


@api.put("/{bug_id}/estimate", status_code=204)
@needs(Permission.plan_write)
def estimate(desk: AtDesk, bug_id: BugId, said: Estimate) -> Response:
    """Say what a fix takes: its size, and the disciplines it needs."""
    wish = estimates.Size(said.effort, said.needs)
    estimates.estimate(desk.db, bug_id, wish, actor=desk.visitor.name, at=desk.at)
    return Response(status_code=204)
