"""Requests to one Zendesk account: signing in, renewing the token, taking turns."""

import base64
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from integrations.contract import Surroundings
from integrations.errors import Misconfigured
from integrations.http import Answer, Http, Params, TimedOut
from integrations.zendesk.options import Options

LIFE_SECONDS = 7200
UNTOLD_LIFE_SECONDS = 1800
LATE_TRIES = 3


class _Token(msgspec.Struct):
    access_token: str
    expires_in: float | None = None


class Session:
    """Asks one account; a token that ended is renewed once per request.

    Timeouts are handed on at once when `late` is 1, so that the caller can ask for less.
    """

    def __init__(
        self, options: Options, around: Surroundings, *, scope: str = "read", **http: Any
    ) -> None:
        self.options = options
        self.around = around
        self.scope = scope
        self._token: str | None = None
        self._until: datetime | None = None
        given = (options.client_secret, options.api_token)
        secrets = tuple(secret.get_secret_value() for secret in given if secret)
        shared = {"around": around, "name": "Zendesk", "secrets": secrets, **http}
        self._door = Http(options.address, **{**shared, "writes": False})
        self._http = Http(
            options.address, headers=self._headers, pace=self._pace, timeouts=1, **shared
        )
        host = options.address.partition("://")[2].partition("/")[0]
        self._bucket = f"zendesk:{host}:incremental"

    def get(
        self,
        path: str,
        params: Params | None = None,
        *,
        expect: Collection[int] = (200,),
        late: int = LATE_TRIES,
        shape: Any = None,
    ) -> Answer:
        """Ask; raises TimedOut after `late` tries that took too long."""
        for _ in range(late - 1):
            try:
                return self._ask(path, params, expect, shape)
            except TimedOut:
                continue
        return self._ask(path, params, expect, shape)

    def put(self, path: str, body: Any, *, expect: Collection[int]) -> Answer:
        """Change something; a token that ended is renewed once, for with it nothing was done."""
        answer = self._http.put_json(path, body, expect={*expect, 401})
        if answer.status == 401 and not self.options.legacy:
            self._token = None
            answer = self._http.put_json(path, body, expect={*expect, 401})
        return answer

    @property
    def clock_skew_seconds(self) -> float | None:
        """How far our clock was ahead at the last answer."""
        return self._http.clock_skew_seconds

    def close(self) -> None:
        """Give back sockets."""
        self._door.close()
        self._http.close()

    def _ask(
        self, path: str, params: Params | None, expect: Collection[int], shape: Any = None
    ) -> Answer:
        if self.options.legacy:
            return self._http.get(path, params, expect=expect, shape=shape)
        answer = self._http.get(path, params, expect={*expect, 401}, shape=shape)
        if answer.status == 401 and 401 not in expect:
            self._token = None
            answer = self._http.get(path, params, expect=expect, shape=shape)
        return answer

    def _pace(self, path: str) -> None:
        if "/incremental/" in path:
            self.around.limiter.wait(self._bucket, self.options.requests_per_minute)

    def _headers(self) -> Mapping[str, str]:
        if self.options.legacy:
            secret = self.options.api_token
            assert secret is not None
            pair = f"{self.options.email}/token:{secret.get_secret_value()}"
            return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
        if self._token is None or self._until is None or self.around.now() >= self._until:
            self._sign_in()
        return {"Authorization": f"Bearer {self._token}"}

    def _sign_in(self) -> None:
        secret = self.options.client_secret
        assert secret is not None
        asked = {
            "grant_type": "client_credentials",
            "client_id": self.options.client_id,
            "client_secret": secret.get_secret_value(),
            "scope": self.scope,
            "expires_in": LIFE_SECONDS,
        }
        answer = self._door.post_json(
            "/oauth/tokens", asked, expect=(200, 201, 400, 401, 403), repeatable=True
        )
        if answer.status >= 400:
            raise Misconfigured(
                f"Zendesk did not accept the OAuth client ({answer.status}): check client_id and "
                "client_secret, and that the client is confidential."
            )
        token: _Token = answer.json(_Token)
        life = token.expires_in or UNTOLD_LIFE_SECONDS
        self._token = token.access_token
        self._until = self.around.now() + timedelta(seconds=life - min(120.0, life / 10))
