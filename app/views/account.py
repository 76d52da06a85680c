"""Oneself: where one is signed in, and whether there is a password to change."""

from datetime import datetime

from pydantic import BaseModel
from sqlmodel import Session

from app.db.models import User
from app.db.queries import people

WAYS = {"password": "password", "oidc": "identity provider", "demo": "one click in the demo"}


class SignInLine(BaseModel):
    """One browser in which one is signed in; `here`: this one."""

    id: int
    via: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    here: bool


class Account(BaseModel):
    """One's own account; `proxied`: a proxy before us says who one is, with each request."""

    email: str = ""
    password: bool = False
    proxied: bool = False
    sign_ins: list[SignInLine] = []
    error: str = ""
    done: str = ""


def account(
    db: Session, user: User | None, *, here: int | None, at: datetime, idle_since: datetime
) -> Account:
    """Show somebody's account; programs and the demo's visitors have none."""
    if user is None or user.id is None:
        return Account()
    found = people.sign_ins(db, at, idle_since, user_id=user.id)
    return Account(
        email=user.email,
        password=user.password_hash is not None,
        proxied=here is None,
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
