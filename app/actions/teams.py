"""Teams and areas come from a file; capacity is changed on the page as well."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.actions.intake_bugs import area_rules
from app.actions.roster import AreaEntry, Known, Roster, TeamEntry, read_roster
from app.core.areas import area_of
from app.core.errors import Invalid, NotFound
from app.core.sentences import counted
from app.db.queries import activity, bugs, teams


def import_teams(db: Session, text: str, *, actor: str, at: datetime) -> Roster:
    """Store teams, members and areas from a YAML text, and find every bug's area anew.

    Teams and areas that the text does not name stay, and its areas may name them; a team's
    members are replaced.
    """
    known = Known([team.key for team in teams.teams(db)], [area.key for area in teams.areas(db)])
    roster = read_roster(text, known)
    _check_names_are_free(db, roster)
    teams.keep_teams(db, [_team_row(entry) for entry in roster.teams])
    ids = {team.key: team.id for team in teams.teams(db) if team.id is not None}
    for entry in roster.teams:
        rows = [member.model_dump() for member in entry.members]
        teams.replace_members(db, ids[entry.key], rows)
    teams.keep_areas(db, [_area_row(entry, ids) for entry in roster.areas])
    db.flush()
    _find_areas(db)
    detail = f"{counted(len(roster.teams), 'team')}, {counted(len(roster.areas), 'area')}"
    activity.note(db, at=at, actor=actor, verb="teams_imported", detail=detail)
    db.commit()
    return roster


def _check_names_are_free(db: Session, roster: Roster) -> None:
    keys = {entry.name: entry.key for entry in roster.teams}
    for team in teams.teams(db):
        if keys.get(team.name, team.key) != team.key:
            raise Invalid(
                f"The team {team.key} is called {team.name} already; "
                f"give the team {keys[team.name]} another name."
            )


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a team can do: stated person-days (None: count its members), and its focus."""

    days: float | None
    focus_factor: float


def days_from(text: str) -> float | None:
    """Read person-days that somebody typed; nothing typed means that members are counted."""
    if not text.strip():
        return None
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise Invalid(f"“{text}” is not a number of person-days.") from None


def set_capacity(db: Session, team_id: int, wish: Capacity, *, actor: str, at: datetime) -> None:
    """Change what a team can do."""
    team = teams.team(db, team_id)
    if team is None:
        raise NotFound(f"There is no team {team_id}.")
    if wish.days is not None and not 0 <= wish.days < 10_000:
        raise Invalid("A team's person-days must lie between 0 and 9,999.")
    if not 0 < wish.focus_factor <= 1:
        raise Invalid("The focus factor must be above 0 and at most 1.")
    team.capacity_days, team.focus_factor = wish.days, wish.focus_factor
    activity.note(db, at=at, actor=actor, verb="capacity", team_id=team_id, detail=team.name)
    db.commit()


def _find_areas(db: Session) -> None:
    rules = area_rules(db)
    changed = []
    for bug_id, labels, components, title, now in teams.areas_of_bugs(db):
        area_id = area_of(rules, labels=labels, components=components, title=title)
        if area_id != now:
            changed.append((bug_id, area_id))
    bugs.set_area(db, changed)


def _team_row(entry: TeamEntry) -> dict[str, object]:
    return entry.model_dump(exclude={"members"})


def _area_row(entry: AreaEntry, ids: dict[str, int]) -> dict[str, object]:
    row = entry.model_dump(exclude={"team"})
    return row | {"team_id": ids[entry.team] if entry.team else None}
