"""One attempt to sign in, all of which follows from a secret that only the browser keeps."""

import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from authlib.oauth2.rfc7636 import create_s256_code_challenge


@dataclass(frozen=True, slots=True, repr=False)
class Attempt:
    """What binds an answer of the provider to the browser that asked.

    State and nonce travel through addresses; from neither can the secret be found, nor the other
    ones.  So nothing has to be stored here, and nothing in the browser has to be signed.
    """

    secret: str

    @classmethod
    def new(cls) -> "Attempt":
        """Begin one."""
        return cls(secrets.token_urlsafe(32))

    @property
    def state(self) -> str:
        """Comes back beside the code."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """Comes back inside the ID token."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """Shows the provider that who brings the code is who asked for it."""
        return self._derived("verifier")

    @property
    def challenge(self) -> str:
        """What the provider keeps of the verifier."""
        challenge: str = create_s256_code_challenge(self.verifier)
        return challenge

    def is_of(self, state: str) -> bool:
        """Say whether a state that came back is this attempt's."""
        return hmac.compare_digest(self.state.encode(), state.encode())

    def _derived(self, purpose: str) -> str:
        made = hmac.new(self.secret.encode(), purpose.encode(), sha256).digest()
        return urlsafe_b64encode(made).rstrip(b"=").decode()
