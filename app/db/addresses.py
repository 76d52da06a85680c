"""How a database's address is read: several PostgreSQL servers, and how long one may be silent."""

import re

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, Engine, make_url

SEVERAL = re.compile(
    r"(?P<before>postgresql[^:]*://([^@/]*@)?)(?P<hosts>[^/?@]*,[^/?]*)(?P<rest>.*)"
)
# A server that vanished without a word is given up in seconds, not by TCP's quarter of an hour.
PATIENCE = {
    "connect_timeout": "3",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "2",
    "tcp_user_timeout": "6000",
}


def read_address(text: str) -> URL:
    """Read an address as PostgreSQL's own programs do: it may name several servers by commas."""
    several = SEVERAL.fullmatch(text)
    if several is None:
        return make_url(text)
    address = make_url(several["before"] + several["rest"])
    named = [_host_and_port(each) for each in several["hosts"].split(",")]
    hosts, ports = (",".join(part) for part in zip(*named, strict=True))
    return address.update_query_dict({"host": hosts, "port": ports})


def patient(address: URL) -> URL:
    """Set what a PostgreSQL address does not say about waiting for a silent server."""
    missing = {name: value for name, value in PATIENCE.items() if name not in address.query}
    return address.update_query_dict(missing)


def conninfo(engine: Engine) -> tuple[str, str | None]:
    """Return the address for PostgreSQL's own programs, and the password apart from it."""
    _, told = engine.dialect.create_connect_args(engine.url)
    words = {name: str(value) for name, value in told.items() if isinstance(value, str | int)}
    password = words.pop("password", None)
    return make_conninfo(**words), password


def _host_and_port(text: str) -> tuple[str, str]:
    host, colon, port = text.rpartition(":")
    if not colon or port.endswith("]"):
        return text.strip("[]"), "5432"
    return host.strip("[]"), port or "5432"
