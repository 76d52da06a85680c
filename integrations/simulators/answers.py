"""JSON answers and the refusals that a handler raises."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from starlette.responses import Response

JSON = "application/json; charset=utf-8"


class Refused(Exception):
    """Ends a request with a status and a body; a body of text is sent as such."""

    def __init__(
        self, status: int, body: Any, headers: Mapping[str, str] | None = None, kind: str = JSON
    ) -> None:
        super().__init__(f"{status} {body}")
        self.status, self.body, self.headers, self.kind = status, body, dict(headers or {}), kind

    def response(self) -> Response:
        """The same as an HTTP answer."""
        if isinstance(self.body, str):
            return Response(self.body, self.status, self.headers, self.kind)
        return answer(self.body, self.status, self.headers)


def answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer in UTF-8."""
    return Response(msgspec.json.encode(body), status, dict(headers or {}), JSON)


def iso(at: datetime | None) -> str | None:
    """A time as both vendors write it: UTC, whole seconds, Z."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
