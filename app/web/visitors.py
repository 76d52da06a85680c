"""Who asks: a person or a program, and what they may do."""

from dataclasses import dataclass

from app.core.errors import Forbidden
from app.core.permissions import Permission
from app.core.vocabulary import Role


class SignInNeeded(Forbidden):
    """Nobody is signed in; a page sends them to the door."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What somebody has to do before anything else, and where."""

    said: str
    place: str


class Unfinished(Forbidden):
    """Somebody came in who has to do something about their account first; `place`: where."""

    def __init__(self, owed: Owed) -> None:
        super().__init__(owed.said)
        self.place = owed.place


PASSWORD = Owed(
    "Choose a password of your own first: an administrator knows the one you came with.",
    "/me/first-password",
)
FACTOR = Owed(
    "Set up a second factor first: this place asks everybody for one who has a password.",
    "/me/second-factor",
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person or a program, and what it may do.

    `leads`: the only team whose plan they may change; None where the permission alone counts.
    `owed`: what they have to do first; they may do nothing else until then.
    `user_id`: None for programs and those who are not signed in.
    """

    name: str
    role: Role
    can: frozenset[Permission]
    team_id: int | None = None
    team: str | None = None
    signed_in: bool = True
    leads: int | None = None
    user_id: int | None = None
    preferences: str = "{}"
    owed: Owed | None = None

    @property
    def number(self) -> str:
        """Who it is, in the log: no name."""
        if self.user_id is not None:
            return f"person {self.user_id}"
        return "a program" if self.signed_in else "nobody signed in"

    @property
    def key(self) -> tuple[object, ...]:
        """What a page that is kept for this visitor depends on."""
        return (
            self.name,
            self.role,
            hash(self.can),
            self.team_id,
            self.team,
            self.signed_in,
            self.leads,
            self.user_id,
            self.preferences,
        )


def owed_by(given: bool, alone: bool) -> Owed | None:  # noqa: FBT001 - two facts of one sign-in
    """Return what somebody has to do first, who came with a given password, or with that alone."""
    if given:
        return PASSWORD
    return FACTOR if alone else None
