"""Who we are at the identity provider."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Client:
    """Who we are there, and where people come back to; without a secret PKCE has to do."""

    issuer: str
    client_id: str
    client_secret: str | None
    redirect_uri: str
