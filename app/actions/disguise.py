"""Who somebody is, said so that only this database's key can tell it again.

An account of a vendor counts as the same one under another name, so that a source which is
removed and connected anew does not bring back whom it had to forget.
"""

import re
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from sqlmodel import Session

from app.actions import keys
from app.actions.vault import Vault
from app.db.queries import erasing
from app.db.queries.erasing import BLANK

__all__ = ["BLANK", "Disguise", "account", "disguise", "erased_id"]

ACCOUNT = ("subdomain", "base_url", "path")
WORD = re.compile(r"[\w.+%-]+@[\w.-]+|[\w-]+")
MOST_WORDS = 5_000


class Connected(Protocol):
    """A source, as far as it tells whose account it reads."""

    @property
    def kind(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def options(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Disguise:
    """Makes the pseudonyms of one source's people and customers, and knows who is forgotten."""

    vault: Vault
    account: str
    forgotten: frozenset[str] = frozenset()

    def person(self, external_id: str) -> str:
        """Return the pseudonym of a requester."""
        return self.vault.pseudonym(f"person\n{self.account}\n{external_id}")

    def customer(self, external_id: str) -> str:
        """Return the pseudonym of a customer."""
        return self.vault.pseudonym(f"customer\n{self.account}\n{external_id}")

    def has_forgotten_person(self, external_id: str | None) -> bool:
        """Say whether a requester was erased."""
        return bool(self.forgotten and external_id) and self.person(external_id or "") in (
            self.forgotten
        )

    def speaks_of_forgotten(self, text: str) -> bool:
        """Say whether a text holds the number or address of somebody who was erased."""
        if not self.forgotten:
            return False
        words = {found[0].lower() for found in islice(WORD.finditer(text), MOST_WORDS)}
        return any(self.person(w) in self.forgotten for w in words) or any(
            self.customer(w) in self.forgotten for w in words
        )

    def has_forgotten_customer(self, external_id: str) -> bool:
        """Say whether a customer was erased."""
        return bool(self.forgotten) and self.customer(external_id) in self.forgotten


def disguise(db: Session, source: Connected, vault: Vault, *, at: Any) -> Disguise:
    """Return what disguises a source's people; a step, not committed."""
    return Disguise(keys.keyed(db, vault, at=at), account(source), erasing.subjects(db))


def account(source: Connected) -> str:
    """Return what names a source's account at its vendor, whatever the source is called here."""
    named = (source.options.get(name) for name in ACCOUNT)
    place = next((str(value) for value in named if value), source.name.split("~")[0])
    return f"{source.kind} {place.rstrip('/').lower()}"


def erased_id(subject: str) -> str:
    """Return the external id under which an erased customer is counted on."""
    return f"erased:{subject}"
