"""Which network addresses a connector may reach: the public internet, and nothing inside."""

import ipaddress
import socket

NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
SPECIAL = ipaddress.ip_network("192.0.0.0/24")


def resolve(host: str, port: int) -> list[str]:
    """Give every address of a name; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an address is on the public internet.

    `is_global` alone lets NAT64 prefixes, multicast, 192.0.0.0/24 and ::/8 (where ::127.0.0.1 is)
    pass, which lead inside.
    """
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.sixtofour or ip.teredo or any(ip in net for net in NAT64):
            return False
        ip = ip.ipv4_mapped or ip
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip in SPECIAL)
