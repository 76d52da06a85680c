"""People and programs, for administrators: who may come in, as what, and when they last did."""

from collections import defaultdict
from datetime import datetime

from pydantic import BaseModel
from sqlmodel import Session

from app.core.permissions import TOKEN_SCOPES
from app.core.vocabulary import Role
from app.db.models import ApiToken, SignIn, User
from app.db.queries import people, second_factor, teams
from app.views.models import TeamChoice


class PersonLine(BaseModel):
    """A person; `ways`: how they can come in; `seen_at`: when an open sign-in was last used."""

    id: int
    name: str
    email: str
    role: Role
    team: str
    team_name: str
    organiser: bool
    active: bool
    ways: str
    password: bool
    provider: bool
    second: bool
    first_password: bool
    sign_ins: int
    seen_at: datetime | None


class TokenLine(BaseModel):
    """A program's token, without the token; `state`: good, revoked or ended."""

    id: int
    name: str
    ending: str
    scopes: list[str]
    made_by: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    state: str


class Staff(BaseModel):
    """Everybody; `made` is a new token and `given` a first password, which are shown this once."""

    people: list[PersonLine]
    tokens: list[TokenLine]
    teams: list[TeamChoice]
    roles: list[Role]
    scopes: list[str]
    provider: bool
    made: str = ""
    made_name: str = ""
    given: str = ""
    given_to: str = ""


def staff(db: Session, *, at: datetime, idle_since: datetime, provider: bool) -> Staff:
    """List people by address and tokens, newest first."""
    open_ones: dict[int, list[SignIn]] = defaultdict(list)
    for sign_in in people.sign_ins(db, at, idle_since):
        open_ones[sign_in.user_id].append(sign_in)
    found, seconds = list(teams.teams(db)), second_factor.holders(db)
    choices = {t.id: TeamChoice(id=t.id, key=t.key, name=t.name) for t in found if t.id is not None}
    return Staff(
        people=[
            _person(
                user,
                choices.get(user.team_id or 0),
                open_ones[user.id or 0],
                second=user.id in seconds,
            )
            for user in people.users(db)
        ],
        tokens=token_lines(db, at=at),
        teams=list(choices.values()),
        roles=list(Role),
        scopes=sorted(TOKEN_SCOPES),
        provider=provider,
    )


def token_lines(db: Session, *, at: datetime) -> list[TokenLine]:
    """List programs' tokens, newest first."""
    return [_token(token, at) for token in people.tokens(db)]


def _person(
    user: User, team: TeamChoice | None, open_ones: list[SignIn], *, second: bool
) -> PersonLine:
    ways = [
        *(["password"] if user.password_hash else []),
        *(["second factor"] if second else []),
        *(["identity provider"] if user.oidc_subject else []),
        *(["demo"] if user.demo else []),
    ]
    return PersonLine(
        id=user.id or 0,
        name=user.name,
        email=user.email,
        role=user.role,
        team=team.key if team else "",
        team_name=team.name if team else "",
        organiser=user.organiser,
        active=user.active,
        ways=", ".join(ways) or "not signed in yet",
        password=user.password_hash is not None,
        provider=user.oidc_subject is not None,
        second=second,
        first_password=user.password_given_at is not None,
        sign_ins=len(open_ones),
        seen_at=open_ones[0].seen_at if open_ones else None,
    )


def _token(token: ApiToken, at: datetime) -> TokenLine:
    over = "revoked" if token.revoked_at else "ended" if token.expires_at <= at else "good"
    return TokenLine(
        id=token.id or 0,
        name=token.name,
        ending=token.ending,
        scopes=token.scopes,
        made_by=token.made_by or "command",
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
        state=over,
    )
