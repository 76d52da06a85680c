"""Which part of the product a bug belongs to, and which rule says so."""

from pydantic import BaseModel
from sqlmodel import Session

from app.core.areas import AreaRule, fit_of
from app.db.models import Bug
from app.db.queries import teams

UNFIT = "No rule of an area fits its labels, components or title."
STALE = "No rule says so any more; it is looked at again when its source or the rules change."


class BugArea(BaseModel):
    """A bug's area with the team that owns it; `area_why`: the rule that fits, as a sentence."""

    area: str | None = None
    area_key: str | None = None
    area_owner: str | None = None
    area_why: str = UNFIT


def area_of_bug(db: Session, bug: Bug) -> BugArea:
    """Say to which area a bug belongs, and why."""
    every = teams.areas(db)
    area = next((each for each in every if each.id == bug.area_id), None)
    rules = [AreaRule(each.id or 0, tuple(each.matches)) for each in every]
    fit = fit_of(rules, labels=bug.labels, components=bug.components, title=bug.title)
    said = f"Its rule {fit.pattern} fits “{fit.mark}”." if fit else UNFIT
    if area is None:
        return BugArea(area_why=STALE if fit else UNFIT)
    owner = teams.team(db, area.team_id) if area.team_id else None
    return BugArea(
        area=area.name,
        area_key=area.key,
        area_owner=owner.name if owner else None,
        area_why=said if fit and fit.area_id == area.id else STALE,
    )
