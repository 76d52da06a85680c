"""Sign-in through an identity provider (OpenID Connect, code with PKCE)."""
