"""A webhook delivery, and the one way in which all senders hand it over."""

from dataclasses import dataclass, field
from typing import Protocol


class Answered(Protocol):
    """What a client gives back."""

    @property
    def status_code(self) -> int:
        """The HTTP status."""
        ...


class Client(Protocol):
    """Whatever can post bytes: an httpx client, or a test client."""

    def post(self, url: str, *, content: bytes, headers: dict[str, str]) -> Answered:
        """Post a body as it is."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """One signed request; sending it again is a duplicate."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def changed(self, **headers: str) -> "Delivery":
        """The same body under other headers; underscores stand for dashes."""
        fresh = {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {key: value for key, value in self.headers.items() if key.lower() not in fresh}
        return Delivery(self.body, kept | fresh)

    def send(self, client: Client, url: str) -> int:
        """Post it; gives the status of the answer."""
        return client.post(url, content=self.body, headers=self.headers).status_code
