"""Make the connector of a source from what is stored of it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any

from sqlalchemy import Engine

from app.actions.limits import SharedLimiter
from app.actions.vault import Vault
from app.core.errors import Invalid
from app.db.models import Source
from integrations import CONNECTORS, MESSENGERS
from integrations.contract import (
    Connector,
    ConnectorFactory,
    Messenger,
    MessengerFactory,
    Surroundings,
)

HURRIED: Mapping[str, Any] = {"tries": 2, "longest_seconds": 3.0}
"""How patient a test of a connection is: somebody waits for it."""
FORMER = ".former"
"""Ends the name under which a secret is kept while the one that replaced it is not alone yet."""


@dataclass(frozen=True)
class Connect:
    """Knows what connectors need: limits, time, secrets, and where they may connect."""

    engine: Engine
    vault: Vault
    clock: Callable[[], datetime]
    private_hosts: frozenset[str] = frozenset()
    sleep: Callable[[float], None] = field(default_factory=lambda: time.sleep)

    def to(self, source: Source, *, hurry: bool = False) -> Connector:
        """Return a connector for a stored source; in a `hurry` it gives up soon."""
        options = source.options | current(self.vault, source)
        return self.with_options(source.kind, options, hurry=hurry)

    def with_options(
        self, kind: str, options: Mapping[str, Any], *, hurry: bool = False
    ) -> Connector:
        """Return a connector for options that are not stored yet."""
        return factory(kind)(options, self._around(HURRIED if hurry else {}))

    def messenger(self, source: Source) -> Messenger:
        """Return what writes to a stored source; for the outbox's sender alone."""
        if source.kind not in MESSENGERS:
            raise Invalid(f"Nothing can be sent to “{source.name}”: a {source.kind} is only read.")
        module, _, name = MESSENGERS[source.kind].partition(":")
        made: MessengerFactory = getattr(import_module(module), name)
        return made(source.options | current(self.vault, source), self._around({}))

    def _around(self, patience: Mapping[str, Any]) -> Surroundings:
        return Surroundings(
            **patience,
            limiter=SharedLimiter(self.engine),
            now=self.clock,
            sleep=self.sleep,
            private_hosts=self.private_hosts,
        )


def current(vault: Vault, source: Source) -> dict[str, str]:
    """Open a source's secrets, leaving out those that are being replaced."""
    opened = vault.open(source.secrets)
    return {name: value for name, value in opened.items() if not name.endswith(FORMER)}


def factory(kind: str) -> ConnectorFactory:
    """Return the class of a kind of source."""
    if kind not in CONNECTORS:
        raise Invalid(f"There is no kind “{kind}”; known kinds: {', '.join(sorted(CONNECTORS))}.")
    module, _, name = CONNECTORS[kind].partition(":")
    found: ConnectorFactory = getattr(import_module(module), name)
    return found


def noun_of(kind: str) -> str:
    """Say what a kind of source brings: tickets, bugs, or any of these."""
    return str(getattr(factory(kind), "noun", "any"))


def option_names(kind: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of a kind's plain options and of its secrets."""
    fields: Mapping[str, Any] = factory(kind).Options.model_fields
    secret = frozenset(
        name for name, field in fields.items() if "SecretStr" in str(field.annotation)
    )
    return frozenset(fields) - secret, secret
