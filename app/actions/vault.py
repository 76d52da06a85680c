"""Secrets at rest: sealed with a key from the environment, opened only for a connector."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken

from app.core.errors import Invalid


class Vault:
    """Seals connector secrets and makes pseudonyms; each with its own key from the secret key."""

    def __init__(self, secret_key: str | None) -> None:
        self._key = secret_key

    def seal(self, secrets: Mapping[str, str]) -> str:
        """Encrypt secrets for storage; nothing in, nothing out."""
        return (
            self._fernet().encrypt(json.dumps(dict(secrets)).encode()).decode() if secrets else ""
        )

    def open(self, sealed: str) -> dict[str, str]:
        """Decrypt stored secrets."""
        if not sealed:
            return {}
        try:
            return dict(json.loads(self._fernet().decrypt(sealed.encode())))
        except InvalidToken:
            raise Invalid(
                "The stored secrets cannot be opened with this BUGSPRINT_SECRET_KEY; "
                "use the key with which they were saved, or enter them again."
            ) from None

    def pseudonym(self, requester: str) -> str:
        """Return a name for a requester that cannot be turned back without the key."""
        key = self._derived("pseudonyms") if self._key else b"no key"
        return hmac.new(key, requester.encode(), sha256).hexdigest()[:16]

    def _fernet(self) -> Fernet:
        return Fernet(urlsafe_b64encode(self._derived("secrets")))

    def _derived(self, purpose: str) -> bytes:
        if not self._key:
            raise Invalid(
                "Set BUGSPRINT_SECRET_KEY first: connector secrets are encrypted with it."
            )
        return hmac.new(self._key.encode(), purpose.encode(), sha256).digest()
