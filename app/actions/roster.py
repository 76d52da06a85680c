"""The YAML file of teams, areas, members and capacity, read strictly."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.core.complaints import complaint
from app.core.errors import Invalid
from app.core.vocabulary import Discipline

KEY = r"^[a-z0-9][a-z0-9_-]{0,39}$"
PATTERNS = {KEY: "it has to be 1 to 40 small letters, digits, - or _, such as web-core"}


class MemberEntry(BaseModel):
    """A person; `days` and `leave_days` in person-days of the sprint."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=80)
    email: str | None = None
    discipline: Discipline = Discipline.engineering
    days: float = Field(10, ge=0, le=100)
    leave_days: float = Field(0, ge=0, le=100)
    lead: bool = False


class TeamEntry(BaseModel):
    """A team; `capacity_days` stands for its members when it lists none."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(pattern=KEY)
    name: str = Field(min_length=1, max_length=80)
    capacity_days: float | None = Field(None, ge=0, le=9999)
    focus_factor: float = Field(0.6, gt=0, le=1)
    wip_limit: int | None = Field(None, ge=1, le=100)
    members: list[MemberEntry] = []


class AreaEntry(BaseModel):
    """An area: its owner, the patterns of its bugs, and the areas next to it."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(pattern=KEY)
    name: str = Field(min_length=1, max_length=80)
    team: str | None = None
    matches: list[str] = []
    adjacent: list[str] = []


class Roster(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")

    teams: list[TeamEntry] = []
    areas: list[AreaEntry] = []


@dataclass(frozen=True, slots=True)
class Known:
    """Keys of the teams and areas that earlier files brought; a new file may name them."""

    teams: Collection[str] = ()
    areas: Collection[str] = ()


def read_roster(text: str, known: Known | None = None) -> Roster:
    """Read the file; whatever is wrong with it is said in one sentence that names the place."""
    try:
        roster = Roster.model_validate(_parsed(text))
    except ValidationError as error:
        raise Invalid(_complaint(error.errors(include_url=False)[0])) from None
    if not (roster.teams or roster.areas):
        raise Invalid("The teams file names no team and no area.")
    _check_names(roster, known or Known())
    return roster


def _parsed(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except RecursionError:
        raise Invalid("The teams file is nested too deeply to be read.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1}" if mark else ""
        raise Invalid(f"The teams file is not readable as YAML{line}.") from None
    except ValueError as error:
        # What looks like a day or a number to YAML, but is none: 2026-13-01, 5,000 digits.
        said = str(error).split(";")[0]
        raise Invalid(f"The teams file has a value that YAML cannot read: {said}.") from None


def _complaint(wrong: Mapping[str, Any]) -> str:
    place = ".".join(str(part) for part in wrong["loc"]) or "the file"
    if wrong["type"] == "extra_forbidden":
        known = _names_beside(wrong["loc"])
        near = get_close_matches(str(wrong["loc"][-1]), known, n=1)
        hint = f"did you mean “{near[0]}”?" if near else f"known are {', '.join(known)}."
        return f"The teams file is wrong at {place}: there is no such name; {hint}"
    if wrong["type"] == "model_type":
        what = "names with values" if wrong["loc"] else "teams, and areas where you have them"
        return f"The teams file is wrong at {place}: it should hold {what}."
    return f"The teams file is wrong at {place}: {complaint(wrong, PATTERNS)}."


def _names_beside(place: tuple[int | str, ...]) -> list[str]:
    """Return the names that may stand where an unknown one stood."""
    inside: dict[str, type[BaseModel]] = {
        "teams": TeamEntry,
        "areas": AreaEntry,
        "members": MemberEntry,
    }
    lists = [inside[part] for part in place[:-1] if isinstance(part, str) and part in inside]
    return list((lists[-1] if lists else Roster).model_fields)


def _check_names(roster: Roster, known: Known) -> None:
    teams = [*_unique("team", [team.key for team in roster.teams]), *known.teams]
    areas = [*_unique("area", [area.key for area in roster.areas]), *known.areas]
    _unique("team name", [team.name for team in roster.teams])
    for area in roster.areas:
        if area.team is not None and area.team not in teams:
            raise Invalid(f"Area {area.key} belongs to an {_unknown('team', area.team, teams)}")
        for other in area.adjacent:
            if other not in areas:
                raise Invalid(f"Area {area.key} is next to an {_unknown('area', other, areas)}")


def _unique(what: str, keys: list[str]) -> list[str]:
    for key in keys:
        if keys.count(key) > 1:
            raise Invalid(f"The teams file has the {what} {key} twice.")
    return keys


def _unknown(what: str, name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"unknown {what} “{name}”{f'; did you mean “{near[0]}”?' if near else '.'}"
