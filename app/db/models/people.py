"""Who is there: teams, their members and areas; users and how they sign in."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from app.core.vocabulary import Discipline, Role
from app.db.models.columns import json_type, words


class Team(SQLModel, table=True):
    """An existing team.  Sprints never form new ones.

    `capacity_days`: person-days in the sprint when the team lists no members; None: count members.
    `focus_factor`: the share of a person's days that really goes into bugs.
    """

    __table_args__ = (
        CheckConstraint("focus_factor > 0 AND focus_factor <= 1", name="focus_factor"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    name: str = Field(unique=True)
    capacity_days: float | None = None
    focus_factor: float = 0.6
    wip_limit: int | None = None


class Member(SQLModel, table=True):
    """A person of a team; `days` and `leave_days` in person-days of the sprint."""

    id: int | None = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    name: str
    email: str | None = Field(default=None, index=True)
    discipline: Discipline = Field(default=Discipline.engineering, sa_type=words(Discipline))
    days: float = 10.0
    leave_days: float = 0.0
    lead: bool = False


class Area(SQLModel, table=True):
    """A part of the product, its owner, and what marks a bug as belonging to it."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    name: str
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    matches: list[str] = Field(default_factory=list, sa_type=json_type)
    adjacent: list[str] = Field(default_factory=list, sa_type=json_type)


class User(SQLModel, table=True):
    """A person who signs in; roles are read at every request.

    `oidc_subject`: issuer and subject of whoever signs in through an identity provider.
    `password_given_at`: since when they have a password that somebody else knows; it has to be
    changed before anything else.
    `preferences`: how they like their pages (app.core.preferences); what is not said is usual.
    """

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True)
    name: str
    role: Role = Field(sa_type=words(Role))
    password_hash: str | None = None
    password_given_at: datetime | None = None
    team_id: int | None = Field(default=None, foreign_key="team.id")
    organiser: bool = False
    active: bool = True
    demo: bool = False
    oidc_subject: str | None = Field(default=None, unique=True)
    preferences: dict[str, str] = Field(
        default_factory=dict, sa_type=json_type, sa_column_kwargs={"server_default": "{}"}
    )
    created_at: datetime


class SignIn(SQLModel, table=True):
    """One signed-in browser: only the hash of its token is stored.

    `via`: password, oidc or demo.
    """

    __tablename__ = "sign_in"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True)
    user_id: int = Field(foreign_key="user.id", index=True)
    via: str = "password"
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class SignInFailure(SQLModel, table=True):
    """A refused sign-in, counted per account and per address for a minute."""

    __tablename__ = "sign_in_failure"

    id: int | None = Field(default=None, primary_key=True)
    subject: str = Field(index=True)
    at: datetime


class SecondFactor(SQLModel, table=True):
    """What a person has beside their password: an authenticator that shares a sealed secret.

    `since`: None while it is being set up.  `last_step`: up to which no code counts any more.
    `asked_hash`: of the token of a browser that gave the right password, and owes the code.
    """

    __tablename__ = "second_factor"

    user_id: int = Field(foreign_key="user.id", primary_key=True)
    secret: str
    since: datetime | None = None
    last_step: int = 0
    asked_hash: str | None = Field(default=None, unique=True)
    asked_at: datetime | None = None


class RecoveryCode(SQLModel, table=True):
    """What stands in for a lost authenticator, once; only its hash is stored."""

    __tablename__ = "recovery_code"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user.id", index=True)
    code_hash: str


class ApiToken(SQLModel, table=True):
    """A program's key: shown once, stored as a hash; `ending` is its last four letters."""

    __tablename__ = "api_token"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    token_hash: str = Field(unique=True)
    ending: str = ""
    scopes: list[str] = Field(default_factory=list, sa_type=json_type)
    made_by: str = ""
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


class Wallboard(SQLModel, table=True):
    """A screen on a wall: whoever has its link sees the sprint's figures, and nobody's name.

    Only the hash of the link's token is stored; `seen_at` is when a screen last asked.
    """

    id: int | None = Field(default=None, primary_key=True)
    label: str
    token_hash: str = Field(unique=True)
    made_by: str
    created_at: datetime
    expires_at: datetime
    seen_at: datetime | None = None
    revoked_at: datetime | None = None
