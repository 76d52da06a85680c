"""Identity providers to sign in at: a real one in a process of its own, and one that can lie."""

import base64
import hashlib
import json
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

TIMES = {"exp", "iat", "nbf"}
CLIENT, SECRET = "bugsprint", "a secret of ours"


class Real:
    """oidc-provider-mock, which knows Authlib's server side."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def knows(self, subject: str, **claims: Any) -> None:
        """Store a person."""
        httpx.put(f"{self.issuer}/users/{subject}", json=claims).raise_for_status()

    def let_in(self, address: str, subject: str) -> str:
        """Sign a person in there; returns where their browser is sent back to."""
        answer = httpx.post(address, data={"sub": subject})
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]


@contextmanager
def real_provider():
    """Run the provider until the end."""
    provider, running = next(filter(None, (_started() for _ in range(5))))
    try:
        yield provider
    finally:
        running.terminate()
        running.wait(timeout=30)


def _started() -> "tuple[Real, subprocess.Popen[bytes]] | None":
    """Start it on a free port; None when somebody else was quicker to take that."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", port, "--require-nonce=true"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    provider = Real(f"http://127.0.0.1:{port}")
    deadline = time.monotonic() + 120
    while running.poll() is None:
        try:
            httpx.get(f"{provider.issuer}/.well-known/openid-configuration").raise_for_status()
        except httpx.TransportError:
            assert time.monotonic() < deadline, "The provider did not answer."
            time.sleep(0.1)
        else:
            return provider, running
    return None


@dataclass
class Lying:
    """A provider that keeps to the protocol but where a test tells it not to.

    `metadata` and `claims` replace what it would say, None leaving it out, and times being seconds
    from now; `sign` makes the token.
    """

    now: Callable[[], datetime]
    issuer: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    sign: Any = None
    down: bool = False
    asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = key("first")
        self.codes: dict[str, dict[str, str]] = {}

    def about(self) -> dict[str, Any]:
        """Say what it offers."""
        here = self.issuer
        said = {
            "issuer": here,
            "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token",
            "jwks_uri": f"{here}/keys",
            "userinfo_endpoint": f"{here}/userinfo",
            "scopes_supported": ["openid", "groups"],
        }
        return _without_none({**said, **self.metadata})

    def let_in(self, address: str, **more: str) -> str:
        """Take an authorisation request; returns where the browser is sent back to."""
        asked = dict(parse_qsl(urlsplit(address).query))
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"], **more}
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def redeem(self, form: dict[str, str], authorization: str) -> dict[str, str] | None:
        """Give tokens for a code, once, to whom it was given for."""
        asked = self.codes.pop(form.get("code", ""), None)
        both = base64.b64encode(f"{CLIENT}:{SECRET.replace(' ', '%20')}".encode()).decode()
        why = {
            "code": asked is None,
            "client": authorization != f"Basic {both}",
            "redirect": asked is not None and asked["redirect_uri"] != form.get("redirect_uri"),
            "verifier": asked is not None
            and asked["code_challenge"] != _challenge(form.get("code_verifier", "")),
        }
        self.refused += [name for name, wrong in why.items() if wrong]
        if any(why.values()) or asked is None:
            return None
        token = self._id_token(asked)
        self.given.append(token)
        return {"access_token": "access-of-ana", "id_token": token, "token_type": "Bearer"}

    def _id_token(self, asked: dict[str, str]) -> str:
        now = int(self.now().timestamp())
        told = {n: now + v if n in TIMES and v is not None else v for n, v in self.claims.items()}
        said = {
            "iss": self.issuer,
            "sub": "ana",
            "aud": asked["client_id"],
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "email": "ana@example.com",
            "email_verified": True,
            "name": "Ana Lopez",
            "groups": ["bug-fixers"],
        }
        said = _without_none({**said, **told})
        return self.sign(self, said) if self.sign else signed(self.key, said)


@cache
def key(name: str, of: str = "the provider") -> RSAKey:
    """Return somebody's key of a name; one is made once, because that takes longer than a test."""
    return RSAKey.generate_key(2048, {"kid": name})


def signed(key: Any, claims: dict[str, Any], **header: str) -> str:
    """Sign as a provider does."""
    return jwt.encode({"alg": "RS256", "kid": key.kid, **header}, claims, key)


def unsigned(_: Lying, claims: dict[str, Any]) -> str:
    """Leave the signature out."""
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}."


def signed_by_another_key(_: Lying, claims: dict[str, Any]) -> str:
    """Sign with a key of one's own under the provider's key's name."""
    return signed(key("first", of="a stranger"), claims)


def signed_with_the_public_key(provider: Lying, claims: dict[str, Any]) -> str:
    """Take what everybody knows for a shared secret."""
    public = provider.key.as_pem(private=False)
    with_warning_off = OctKey.import_key(base64.b64encode(public))
    return jwt.encode({"alg": "HS256", "kid": "first"}, claims, with_warning_off)


def changed_after_signing(provider: Lying, claims: dict[str, Any]) -> str:
    """Change the claims and keep the signature."""
    header, _, signature = signed(provider.key, claims).split(".")
    return f"{header}.{_part({**claims, 'groups': ['bug-admins']})}.{signature}"


@contextmanager
def lying_provider(now: Callable[[], datetime]):
    """Serve a lying provider until the end."""
    provider = Lying(now)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def _handler(provider: Lying) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers = {
                "/.well-known/openid-configuration": provider.about,
                "/keys": lambda: {"keys": [provider.key.as_dict(private=False)]},
                "/userinfo": lambda: {"sub": "ana", **provider.userinfo},
            }
            self._answer(200, answers[self.path]())

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(sent).items()}
            tokens = provider.redeem(form, self.headers.get("authorization", ""))
            self._answer(200 if tokens else 400, tokens or {"error": "invalid_grant"})

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            provider.asked.append(self.path)
            status, body = (500, {}) if provider.down else (status, body)
            sent = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    return Handler


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _part(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


def _without_none(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value is not None}
