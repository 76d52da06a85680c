"""Teams and their capacity."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Response

from app.actions import teams as roster
from app.core.permissions import Permission
from app.views.teams import Teams, team_cards
from app.web.desk import AtDesk, needs
from app.web.faces import Faces, back_to

faces = Faces("teams")
pages: APIRouter = faces.pages
api: APIRouter = faces.api


@faces.show("/teams", "teams/page.html", Permission.board_read, api="/teams")
def teams(desk: AtDesk) -> Teams:
    """List teams, alphabetically, with their load against their capacity."""
    return team_cards(desk.reader, today=desk.today)


@pages.post("/teams/import")
@needs(Permission.plan_write)
def import_teams(desk: AtDesk, yaml: Annotated[str, Form(max_length=200_000)] = "") -> Response:
    """Store teams, members and areas from a YAML text."""
    desk.admit_for(None)
    roster.import_teams(desk.db, yaml, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, "/teams", "/teams")


@pages.post("/teams/{team_id}")
@needs(Permission.plan_write)
def set_capacity(
    desk: AtDesk,
    team_id: Annotated[int, Path(ge=1, le=2**31 - 1)],
    capacity_days: Annotated[str, Form(max_length=10)] = "",
    focus_factor: Annotated[float, Form()] = 0.6,
) -> Response:
    """Change what a team can do; an empty field counts its members."""
    desk.admit_for(team_id)
    roster.set_capacity(
        desk.db,
        team_id,
        roster.Capacity(roster.days_from(capacity_days), focus_factor),
        actor=desk.visitor.name,
        at=desk.at,
    )
    return back_to(desk, "/teams", "/teams")
