"""The ranking policy: look at it, try another one, save that as a new version."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from app.actions import rankings
from app.core.permissions import Permission
from app.core.ranking import BOUNDS
from app.db.queries import rankings as stored
from app.views.policies import RankingPage, check_wish, ranking_page
from app.views.rankings import policy_of
from app.web.desk import AtDesk, Desk, needs
from app.web.faces import back_to, json_answer, whole_page

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["ranking"])


def _weight(name: str) -> Any:
    """Describe a weight's bounds; who oversteps them is told so by the policy, in its words."""
    bound = BOUNDS[name]
    return Field(None, json_schema_extra={"minimum": bound.low, "maximum": bound.high})


class Weights(BaseModel):
    """Other weights; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    beta: float | None = _weight("beta")
    tau_days: float | None = _weight("tau_days")
    gamma: float | None = _weight("gamma")
    alpha: float | None = _weight("alpha")
    w_max: float | None = _weight("w_max")
    severity_spread: float | None = _weight("severity_spread")

    @property
    def wish(self) -> dict[str, float]:
        """Only what was given."""
        found = {name: getattr(self, name) for name in BOUNDS}
        return {name: value for name, value in found.items() if value is not None}


class Revision(Weights):
    """Other weights to save; `version` is the one that was looked at, to lose nobody's change."""

    version: int | None = Field(None, ge=1, le=2**31 - 1)


@pages.get("/ranking")
@needs(Permission.board_read)
def page(desk: AtDesk, weights: Annotated[Weights, Query()]) -> Response:
    """Show the policy, and what other weights would change."""
    return whole_page(desk, "ranking/page.html", _page(desk, weights))


@api.get("/ranking", response_model=RankingPage)
@needs(Permission.board_read)
def ranking(desk: AtDesk, weights: Annotated[Weights, Query()]) -> Response:
    """Return the policy, and the first bugs; with other weights, as they would be."""
    return json_answer(_page(desk, weights))


def _page(desk: Desk, weights: Weights) -> RankingPage:
    money = desk.can(Permission.money_read)
    return ranking_page(desk.reader, weights.wish, money=money, at=desk.at)


@pages.post("/ranking")
@needs(Permission.sprint_write)
def save_by_form(desk: AtDesk, said: Annotated[Revision, Form()]) -> Response:
    """Save other weights as the policy's next version."""
    _save(desk, said)
    return back_to(desk, "/ranking", "/ranking")


@api.post("/ranking", response_model=RankingPage, status_code=201)
@needs(Permission.sprint_write)
def save(desk: AtDesk, said: Revision) -> Response:
    """Save other weights as the policy's next version, and rank by it."""
    _save(desk, said)
    money = desk.can(Permission.money_read)
    return json_answer(ranking_page(desk.after, {}, money=money, at=desk.at), status=201)


def _save(desk: Desk, said: Revision) -> None:
    now = policy_of(desk.reader, stored.newest_policy(desk.reader))
    check_wish(now, said.wish, money=desk.can(Permission.money_read))
    rankings.change_policy(
        desk.db, said.wish, seen=said.version, actor=desk.visitor.name, at=desk.at
    )
