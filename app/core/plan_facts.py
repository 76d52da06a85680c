"""What a plan is made from and what it says: bugs, crews, commitments, reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.errors import Invalid
from app.core.vocabulary import Discipline, Effort, Lane

EFFORT_DAYS: Mapping[Effort, float] = {
    Effort.S: 0.5,
    Effort.M: 1.0,
    Effort.L: 2.0,
    Effort.XL: 4.0,
}
"""Person-days of a fix.  XL never enters by itself; a person may pin it."""
ADJACENT_FACTOR = 1.5
"""A team that does not own the area needs so much longer."""
LINGERING_DAYS = 180


@dataclass(frozen=True, slots=True)
class Decline:
    """Who said no to a bug, and why."""

    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ranked bug that could enter the sprint.

    `rank`: its place in the frozen list, from 1; `effort`: None counts as M and is flagged;
    `missing`: what it lacks to be ready; `bundle`: bugs of one bundle go together or not at all;
    `needs`: disciplines that are busy with it as long as it takes.
    """

    bug_id: int
    score: float
    rank: int
    owner_team: int | None
    adjacent_teams: tuple[int, ...] = ()
    effort: Effort | None = None
    oldest_need_days: float = 0.0
    missing: tuple[str, ...] = ()
    pinned_team: int | None = None
    pinned_by: str = ""
    declined: Decline | None = None
    blocked_by: str | None = None
    bundle: str | None = None
    needs: tuple[Discipline, ...] = ()
    name: str = ""

    @property
    def label(self) -> str:
        """The bug's name in a sentence."""
        return f"“{self.name}”" if self.name else f"bug {self.bug_id}"


@dataclass(frozen=True, slots=True)
class Crew:
    """A team and its person-days for the sprint, leave and focus already taken off.

    `by_discipline`: whose days they are; None where a team does not say who is in it.
    """

    team_id: int
    capacity_days: float
    name: str = ""
    key: str = ""
    by_discipline: Mapping[Discipline, float] | None = None

    @property
    def label(self) -> str:
        """The team's name in a sentence."""
        return self.name or f"Team {self.team_id}"


@dataclass(frozen=True, slots=True)
class Kept:
    """A commitment or claim that already stands; a new plan leaves it where it is."""

    bug_id: int
    team_id: int


@dataclass(frozen=True, slots=True)
class Instance:
    """Everything a plan is made from; nonsense is refused with `Invalid`.

    `choice_share`: the share of each crew's days left to its own choice; the two minima are
    shares of the days that are planned.
    """

    candidates: tuple[Candidate, ...]
    crews: tuple[Crew, ...]
    choice_share: float = 0.3
    high_minimum: float = 0.35
    own_minimum: float = 0.25
    timebox_days: float = 2.0
    high_profile_per_team: int = 5
    kept: tuple[Kept, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.choice_share <= 0.7:
            raise Invalid("The share left to the teams' choice must lie between 0 and 70 %.")
        if min(self.high_minimum, self.own_minimum) < 0 or (
            self.high_minimum + self.own_minimum > 1
        ):
            raise Invalid("The two lane minima must not be negative, nor exceed 100 % together.")
        if any(not 0 <= crew.capacity_days < 10_000 for crew in self.crews):
            raise Invalid("A team's person-days must lie between 0 and 10,000.")
        if len({each.bug_id for each in self.candidates}) < len(self.candidates):
            raise Invalid("A bug may stand in the list to be planned only once.")
        self._check_pins({crew.team_id for crew in self.crews})

    def _check_pins(self, teams: set[int]) -> None:
        for each in self.candidates:
            if each.pinned_team is not None and each.pinned_team not in teams:
                raise Invalid(
                    f"{each.label} is pinned to a team that is not in this sprint: "
                    "pin it to another team or take the pin away."
                )


class Why(StrEnum):
    """The kinds of reason for which a bug is in the plan or left out of it."""

    kept = "kept"
    pinned = "pinned"
    owner_area = "owner_area"
    high_profile = "high_profile"
    own_lingering = "own_lingering"
    lane_minimum = "lane_minimum"
    best_value_per_day = "best_value_per_day"
    adjacent_spillover = "adjacent_spillover"
    bundled = "bundled"
    no_owner = "no_owner"
    too_large = "too_large"
    no_capacity = "no_capacity"
    not_ready = "not_ready"
    declined = "declined"
    blocked = "blocked"
    lower_value = "lower_value"


@dataclass(frozen=True, slots=True)
class Reason:
    """One checkable reason: its kind, the facts it rests on, and a sentence."""

    why: Why
    text: str
    team_id: int | None = None
    bug_ids: tuple[int, ...] = ()
    days: float | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """A bug given to a team; `effort_days` is what it takes that team."""

    bug_id: int
    team_id: int
    lane: Lane
    effort_days: float
    effort_known: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A bug left out, and why."""

    bug_id: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Load:
    """A team's person-days: all of them, those the plan may fill, and what fills them by lane.

    `over_days` is more than 0 only when commitments and pins alone exceed `plannable_days`.
    """

    team_id: int
    capacity_days: float
    plannable_days: float
    lane_days: Mapping[Lane, float]
    free_days: float
    over_days: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A proposal: who takes what and why, what is left out and why, and the cut line.

    `last_in`: the lowest score that the planner itself let in; `first_out`: the three highest
    scores that found no room.
    """

    assignments: tuple[Assignment, ...]
    rejections: tuple[Rejection, ...]
    loads: tuple[Load, ...]
    last_in: int | None
    first_out: tuple[int, ...]


def lane_of(bug: Candidate, team_id: int, instance: Instance) -> Lane:
    """Why `team_id` would take the bug: its place in the list, long waiting, or choice."""
    if bug.rank <= instance.high_profile_per_team * len(instance.crews):
        return Lane.high_profile
    if team_id == bug.owner_team and bug.oldest_need_days >= LINGERING_DAYS:
        return Lane.own_lingering
    return Lane.choice


def effort_days(bug: Candidate, team_id: int) -> float:
    """Person-days the bug takes this team."""
    days = EFFORT_DAYS[bug.effort or Effort.M]
    return days if team_id == bug.owner_team else days * ADJACENT_FACTOR
