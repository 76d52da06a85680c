"""People, tokens and an account to draw, without a database."""

from datetime import timedelta
from typing import Any

from app.core import onetime
from app.core.vocabulary import Role
from app.views.account import Account, SignInLine
from app.views.second_factor import FactorPage, picture
from app.views.staff import PersonLine, Staff, TokenLine
from tests.web.given import LONG, NOW, TEAMS, TITLES


def person(number: int = 1, **more):
    facts = {
        "name": TITLES[number % len(TITLES)],
        "email": f"{'a' * 40}{number}@example.com",
        "role": list(Role)[number % 5],
        "team": "team-1" if number % 2 else "",
        "team_name": "UI" if number % 2 else "",
        "organiser": number % 3 == 0,
        "active": number % 4 != 0,
        "ways": "password, identity provider",
        "password": number % 2 == 0,
        "provider": number % 2 == 0,
        "second": number % 3 == 0,
        "first_password": number % 4 == 1,
        "sign_ins": number % 3,
        "seen_at": NOW if number % 3 else None,
    }
    return PersonLine(id=number, **(facts | more))


def token(number: int = 1, **more):
    facts = {
        "name": f"ci {LONG if number == 1 else number}",
        "ending": "x9_Z" if number else "",
        "scopes": ["board.read", "bug.claim"],
        "made_by": "Ana",
        "created_at": NOW,
        "expires_at": NOW + timedelta(days=90),
        "last_used_at": NOW if number % 2 else None,
        "state": ["good", "revoked", "ended"][number % 3],
    }
    return TokenLine(id=number, **(facts | more))


def staff(**more):
    facts = {
        "people": [person(n) for n in range(1, 8)],
        "tokens": [token(n) for n in range(4)],
        "teams": TEAMS,
        "roles": list(Role),
        "scopes": ["board.read", "bug.claim"],
        "provider": True,
        "made_name": "ci",
    }
    return Staff(**(facts | more))


def factor(state: str = "off", **more):
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    drawn, size = picture(onetime.address(secret, "ana@example.com", "Bugsprint"))
    facts: dict[str, dict[str, Any]] = {
        "begun": {"secret": secret, "address": "otpauth://totp/x", "picture": drawn, "size": size},
        "on": {"since": NOW, "left": 7, "codes": [f"{'abcd-' * 5}efg{n}" for n in range(8)]},
    }
    return FactorPage(state=state, email="ana@example.com", **(facts.get(state, {}) | more))


def account(**more):
    sign_ins = [
        SignInLine(
            id=number,
            via=via,
            created_at=NOW - timedelta(hours=number),
            seen_at=NOW,
            expires_at=NOW + timedelta(days=7),
            here=number == 1,
        )
        for number, via in ((1, "password"), (2, "identity provider"))
    ]
    facts = {"email": "ana@example.com", "password": True, "sign_ins": sign_ins}
    return Account(**(facts | more))
