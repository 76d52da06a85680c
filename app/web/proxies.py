"""Who really asks, when a proxy stands before us: its word is taken only if it is on the list."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

Networks = Sequence[IPv4Network | IPv6Network]
Address = IPv4Address | IPv6Address
VOUCHED = "vouched"
"""Where in a request's state stands who is signed in, in the words of a trusted proxy."""


class Proxies:
    """Reads what trusted proxies say, and takes away what others say in their place."""

    def __init__(self, trusted: Networks = (), header: str | None = None) -> None:
        self._trusted = tuple(trusted)
        self._header = (header or "").lower().encode()

    def told(self, scope: Scope) -> Scope:
        """Return the request with its true client, and with who a trusted proxy says they are."""
        if not self._trusted:
            return scope
        peer = _address((scope.get("client") or ("",))[0])
        known = peer is not None and self._trusts(peer)
        headers = Headers(scope=scope)
        state = {**scope.get("state", {})}
        if self._header:
            said = headers.getlist(self._header.decode())
            if known and said:
                # Two names are no name: a proxy that adds to what a client sent is not to be used.
                state[VOUCHED] = said[0].strip() if len(said) == 1 else ""
        told = {**scope, "state": state, "headers": self._without(scope["headers"])}
        if known and peer is not None:
            told["client"] = (str(self._client(peer, headers)), 0)
        return told

    def _without(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        return [pair for pair in headers if pair[0].lower() != self._header]

    def _client(self, peer: Address, headers: Headers) -> Address:
        """Walk back from the nearest hop to the first one that nobody trusted vouches for."""
        hops = ",".join(headers.getlist("x-forwarded-for")).split(",")
        client = peer
        for hop in reversed(hops):
            found = _address(hop)
            if found is None:
                return client
            client = found
            if not self._trusts(found):
                return client
        return client

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def _address(text: str) -> Address | None:
    """Read an address as proxies write it: perhaps with a port, perhaps an IPv4 inside an IPv6."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
