"""Secrets at rest: sealed with a key from the environment, opened only for a connector.

After a rotation the newest key seals, and older ones still open what they sealed.
"""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from app.core.errors import Invalid

TAIL, LONG = 4, 12
"""Of a shorter secret the last letters would give too much away."""


class Vault:
    """Seals connector secrets and makes pseudonyms; each with its own key from the secret key."""

    def __init__(
        self,
        secret_key: str | None,
        old_keys: Sequence[str] = (),
        *,
        pseudonym_key: bytes | None = None,
    ) -> None:
        self._keys = [secret_key, *old_keys] if secret_key else []
        self._pseudonym_key = pseudonym_key

    @property
    def has_key(self) -> bool:
        """Say whether anything can be sealed at all."""
        return bool(self._keys)

    def seal(self, secrets: Mapping[str, str]) -> str:
        """Encrypt secrets for storage; nothing in, nothing out."""
        return (
            self._fernet().encrypt(json.dumps(dict(secrets)).encode()).decode() if secrets else ""
        )

    def open(self, sealed: str) -> dict[str, str]:
        """Decrypt stored secrets."""
        return dict(json.loads(self._opened(self._fernet(), sealed))) if sealed else {}

    def tails(self, sealed: str) -> list[str]:
        """Name what is sealed, each with the last letters by which a person knows it again."""
        try:
            opened = self.open(sealed)
        except Invalid:
            return ["secrets"]
        return [
            f"{name} …{value[-TAIL:]}" if len(value) >= LONG else name
            for name, value in sorted(opened.items())
        ]

    def is_current(self, sealed: str) -> bool:
        """Say whether the newest key sealed this, so that the older ones may go."""
        try:
            return not sealed or bool(self._opened(self._fernets()[0], sealed))
        except Invalid:
            return False

    def reseal(self, sealed: str) -> str:
        """Seal anew what an older key sealed."""
        return self.seal(self.open(sealed))

    def with_pseudonyms(self, key: bytes) -> "Vault":
        """Return the same vault, whose pseudonyms are made with a key of their own."""
        return Vault(next(iter(self._keys), None), self._keys[1:], pseudonym_key=key)

    def pseudonym(self, requester: str) -> str:
        """Return a name for a requester that cannot be turned back without the key."""
        key = self._pseudonym_key or self.first_pseudonym_key()
        return hmac.digest(key, requester.encode(), "sha256").hex()[:16]

    def first_pseudonym_key(self) -> bytes:
        """Return the key that made pseudonyms before they had one of their own."""
        return _derived(self._keys[-1], "pseudonyms") if self._keys else b"no key"

    def _opened(self, fernet: Fernet | MultiFernet, sealed: str) -> bytes:
        try:
            return fernet.decrypt(sealed.encode())
        except InvalidToken:
            raise Invalid(
                "The stored secrets cannot be opened with this BUGSPRINT_SECRET_KEY; "
                "use the key with which they were saved, or enter them again."
            ) from None

    def _fernet(self) -> MultiFernet:
        return MultiFernet(self._fernets())

    def _fernets(self) -> list[Fernet]:
        if not self._keys:
            raise Invalid(
                "Set BUGSPRINT_SECRET_KEY first: connector secrets are encrypted with it."
            )
        return [Fernet(urlsafe_b64encode(_derived(key, "secrets"))) for key in self._keys]


def _derived(key: str, purpose: str) -> bytes:
    return hmac.digest(key.encode(), purpose.encode(), "sha256")
