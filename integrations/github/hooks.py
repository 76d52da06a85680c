"""Whether a webhook really comes from GitHub.  It is a hint to read again, never data."""

import hashlib
import hmac

HEADER = "x-hub-signature-256"
PREFIX = "sha256="


def is_signed(body: bytes, signature: str | None, secret: str) -> bool:
    """Compare the header's value with the raw body's HMAC; without a secret nothing is signed."""
    if not secret or not signature:
        return False
    made = PREFIX + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(made.encode(), signature.encode("utf-8", "replace"))
