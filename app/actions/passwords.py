"""What may be a password, and how one is kept: never as it is."""

import secrets
from functools import lru_cache
from pathlib import Path

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.core.errors import Invalid

SHORTEST, LONGEST = 8, 1024
COMMON = Path(__file__).parent / "data" / "common_passwords.txt"
OUR_NAME = "bugsprint"
_hasher = PasswordHash((Argon2Hasher(),))


def sealed(password: str, *, email: str) -> str:
    """Return what is stored of a new password; one that is easily guessed is refused.

    There are no rules of composition: length counts, and not to stand on a list of guesses.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(
            f"A password has at least {SHORTEST} characters; 15 or more are better, "
            f"and {LONGEST:,} are the most."
        )
    if password.lower() in _common():
        raise Invalid(
            "This password is one of the 3,000 that are guessed first; choose another one, "
            "for instance four words that do not belong together."
        )
    word = _bare(password)
    if word and word in {_bare(email), _bare(email.split("@")[0]), OUR_NAME}:
        raise Invalid("A password may not be the person's address or the name of this product.")
    return _hasher.hash(password)


def fits(password: str, stored: str | None) -> bool:
    """Say whether a password is the stored one; without one it takes as long, and says no."""
    decoy = _decoy()  # made in either case: the first answer must not tell by its slowness
    good = _hasher.verify(password[:LONGEST], stored or decoy)
    return good and stored is not None


@lru_cache(maxsize=1)
def _decoy() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))


def _bare(text: str) -> str:
    """Leave out the figures and signs with which people dress a word up."""
    return "".join(letter for letter in text.lower() if letter.isalpha())


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(COMMON.read_text(encoding="utf-8").split())
