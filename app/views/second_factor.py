"""One's own second factor: whether there is one, and what an authenticator needs to become it."""

from collections.abc import Callable
from datetime import datetime

import segno
from pydantic import BaseModel
from sqlmodel import Session

from app.core import onetime
from app.db.models import SecondFactor, User
from app.db.queries import second_factor as rows

ISSUER = "Bugsprint"
QUIET = 4


class FactorPage(BaseModel):
    """`state`: none (nothing to set up here), off, begun or on; `codes` are shown this once.

    `demanded`: this place asks everybody with a password for one.  `owed`: and me, before all else.
    """

    state: str
    email: str = ""
    since: datetime | None = None
    left: int = 0
    secret: str = ""
    address: str = ""
    picture: str = ""
    size: int = 0
    codes: list[str] = []
    demanded: bool = False
    owed: bool = False
    error: str = ""


def factor_page(
    db: Session, user: User | None, opened: Callable[[SecondFactor], str]
) -> FactorPage:
    """Show how somebody's second factor stands; only a password has one beside it here."""
    if user is None or user.id is None or user.password_hash is None:
        return FactorPage(state="none")
    found = rows.of(db, user.id)
    if found is None:
        return FactorPage(state="off", email=user.email)
    if found.since is not None:
        left = rows.recovery_left(db, user.id)
        return FactorPage(state="on", email=user.email, since=found.since, left=left)
    secret = opened(found)
    address = onetime.address(secret, user.email, ISSUER)
    drawn, size = picture(address)
    return FactorPage(
        state="begun",
        email=user.email,
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        address=address,
        picture=drawn,
        size=size,
    )


def picture(text: str) -> tuple[str, int]:
    """Draw a QR code: its dark squares as the path of an SVG, and how many units that is wide."""
    lines = list(segno.make_qr(text).matrix_iter(border=QUIET))
    dark = [
        f"M{x} {y}h1v1h-1z"
        for y, line in enumerate(lines)
        for x, square in enumerate(line)
        if square
    ]
    return "".join(dark), len(lines)
