"""Secrets at rest: sealed with a key from the environment, opened only for a connector.

After a rotation the newest key seals, and older ones still open what they sealed.  A seal begins
with its kind, so that another kind can follow; the first kind had no such beginning, and is only
opened.
"""

import hmac
import json
import secrets as dice
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.errors import Invalid

KIND, NONCE = "2.", 12
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
        self._keys: list[str] = [secret_key, *old_keys] if secret_key else []
        self._pseudonym_key = pseudonym_key

    @property
    def has_key(self) -> bool:
        """Say whether anything can be sealed at all."""
        return bool(self._keys)

    def seal(self, secrets: Mapping[str, str]) -> str:
        """Encrypt secrets for storage; nothing in, nothing out."""
        if not secrets:
            return ""
        nonce, plain = dice.token_bytes(NONCE), json.dumps(dict(secrets)).encode()
        sealed = AESGCM(_sealing(self._known_keys()[0])).encrypt(nonce, plain, KIND.encode())
        return KIND + urlsafe_b64encode(nonce + sealed).decode()

    def open(self, sealed: str) -> dict[str, str]:
        """Decrypt stored secrets."""
        return dict(json.loads(_opened(self._known_keys(), sealed))) if sealed else {}

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
        """Say whether the newest key sealed this in the newest way, so that older ones may go."""
        try:
            return not sealed or bool(sealed.startswith(KIND) and _opened(self._keys[:1], sealed))
        except Invalid:
            return False

    def reseal(self, sealed: str) -> str:
        """Seal anew what was sealed with an older key or in an older way."""
        return self.seal(self.open(sealed))

    def with_pseudonyms(self, key: bytes) -> "Vault":
        """Return the same vault, whose pseudonyms are made with a key of their own."""
        return Vault(next(iter(self._keys), None), self._keys[1:], pseudonym_key=key)

    def pseudonym(self, requester: str) -> str:
        """Return a name for a requester that cannot be turned back without the key."""
        named = self._namer.copy()
        named.update(requester.encode())
        return named.hexdigest()[:16]

    @cached_property
    def _namer(self) -> hmac.HMAC:
        # A copy of what has taken the key in costs two thirds of taking it in for every name.
        key = self._pseudonym_key or self.first_pseudonym_key()
        return hmac.new(key, digestmod="sha256")

    def first_pseudonym_key(self) -> bytes:
        """Return the key that made pseudonyms before they had one of their own."""
        return _derived(self._keys[-1], "pseudonyms") if self._keys else b"no key"

    def _known_keys(self) -> list[str]:
        if not self._keys:
            raise Invalid(
                "Set BUGSPRINT_SECRET_KEY first: connector secrets are encrypted with it."
            )
        return self._keys


def _opened(keys: Sequence[str], sealed: str) -> bytes:
    for key in keys:
        try:
            return _opened_with(key, sealed)
        except (InvalidTag, InvalidToken, NotBase64, ValueError):
            continue  # another key may have sealed it
    raise Invalid(
        "The stored secrets cannot be opened with this BUGSPRINT_SECRET_KEY; "
        "use the key with which they were saved, or enter them again."
    )


def _opened_with(key: str, sealed: str) -> bytes:
    if not sealed.startswith(KIND):
        return Fernet(urlsafe_b64encode(_derived(key, "secrets"))).decrypt(sealed.encode())
    held = urlsafe_b64decode(sealed.removeprefix(KIND))
    return AESGCM(_sealing(key)).decrypt(held[:NONCE], held[NONCE:], KIND.encode())


def _sealing(key: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=b"bugsprint secrets").derive(key.encode())


def _derived(key: str, purpose: str) -> bytes:
    return hmac.digest(key.encode(), purpose.encode(), "sha256")
