"""Oneself: where one is signed in, and whether there is a password to change."""

from datetime import datetime

from pydantic import BaseModel
from sqlmodel import Session

from app.core.preferences import zones
from app.core.vocabulary import ItemState
from app.db.models import User
from app.db.queries import bugs, people, second_factor, sprints

WAYS = {"password": "password", "oidc": "identity provider", "demo": "one click in the demo"}


class SignInLine(BaseModel):
    """One browser in which one is signed in; `here`: this one."""

    id: int
    via: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    here: bool


class ClaimLine(BaseModel):
    """A bug that one's team has in hand."""

    bug_id: int
    title: str
    by: str
    claimed_at: datetime | None


class Account(BaseModel):
    """One's own account; `proxied`: a proxy before us says who one is, with each request.

    `again`: one signed in too long ago to end sign-ins.
    """

    email: str = ""
    password: bool = False
    proxied: bool = False
    second: bool = False
    again: bool = False
    sign_ins: list[SignInLine] = []
    error: str = ""
    done: str = ""
    saved: bool = False
    claims: list[ClaimLine] = []
    zones: tuple[str, ...] = ()


def account(
    db: Session,
    user: User | None,
    *,
    here: int | None,
    at: datetime,
    idle_since: datetime,
    fresh_since: datetime,
) -> Account:
    """Show somebody's account; programs and the demo's visitors have none."""
    if user is None or user.id is None:
        return Account()
    claims = _claims(db, user.team_id) if user.team_id else []
    found = people.sign_ins(db, at, idle_since, user_id=user.id)
    mine = [each.created_at for each in found if each.id == here]
    return Account(
        email=user.email,
        password=user.password_hash is not None,
        proxied=here is None,
        again=any(began < fresh_since for began in mine),
        second=second_factor.in_use(db, user.id),
        claims=claims,
        zones=zones(),
        sign_ins=[
            SignInLine(
                id=each.id or 0,
                via=WAYS.get(each.via, each.via),
                created_at=each.created_at,
                seen_at=each.seen_at,
                expires_at=each.expires_at,
                here=each.id == here,
            )
            for each in found
        ],
    )


def _claims(db: Session, team_id: int) -> list[ClaimLine]:
    current = sprints.current_sprint(db)
    items = sprints.items(db, current.id) if current and current.id else []
    mine = [i for i in items if i.team_id == team_id and i.state is ItemState.claimed]
    named = bugs.bugs_by_id(db, [item.bug_id for item in mine])
    return [
        ClaimLine(
            bug_id=item.bug_id,
            title=named[item.bug_id].title,
            by=item.claimed_by or "",
            claimed_at=item.claimed_at,
        )
        for item in mine
    ]
