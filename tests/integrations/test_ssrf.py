"""Whatever address a vendor, a name server or an administrator names, nothing inside is reached.

A canary listens on the loopback; each trial has to end in a refusal of ours, and the canary counts.
"""

import socket
import threading
import zlib
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.addresses import is_public
from integrations.errors import SourceError
from integrations.http import Http
from tests.integrations.given import Given
from tests.integrations.test_http_sockets import HEAD, client_for, serving

SPELLINGS = (
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7F.1",
    "0177.0.0.1", "017700000001", "0177.1", "0", "0.0.0.0", "127.255.255.254", "127.000.000.001",
    "localhost", "LOCALHOST", "localhost.", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[0:0:0:0:0:ffff:127.0.0.1]",
    "[64:ff9b::127.0.0.1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "[fd00::1]",
    "①②⑦.⓪.⓪.①", "127。0。0。1", "127．0．0．1",
)  # fmt: skip
METADATA = ("169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518",
            "[::ffff:169.254.169.254]", "[fd00:ec2::254]", "100.100.100.200")  # fmt: skip
FORMS = ("https://{host}:{port}", "http://{host}:{port}", "https://desk.example.com@{host}:{port}",
         "https://{host}:{port}#@desk.example.com", "https://{host}:{port}\\@desk.example.com",
         "https://{host}", "HTTPS://{host}:{port}", "ftp://{host}:{port}",
         "//{host}:{port}")  # fmt: skip
INSIDE = ("127.0.0.1", "10.1.2.3", "172.16.0.9", "192.168.1.1", "169.254.169.254", "100.64.1.1",
          "0.0.0.0", "::1", "fe80::1", "fd12::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
          "2002:a00:1::", "198.18.0.1", "240.0.0.1", "255.255.255.255")  # fmt: skip


@pytest.fixture
def canary():
    """A listener that nothing may reach; yields its port and who came."""
    with serving(lambda connection: connection.sendall(HEAD + b"Content-Length: 2\r\n\r\n{}")) as (
        port,
        peers,
    ):
        yield port, peers


def asked(base, path="/x", **more):
    """Ask a service at this address; returns how we refused."""
    with closing(Http(base, around=Given().around, name="Desk", tries=1, **more)) as client:
        try:
            client.get(path)
        except SourceError as refusal:
            return refusal
    return None


def test_no_spelling_of_an_inside_address_is_connected_to(canary):
    port, peers = canary
    tried = 0
    for host in (*SPELLINGS, *METADATA):
        for form in FORMS:
            base = form.format(host=host, port=port)
            assert asked(base, total_seconds=5.0) is not None, base
            tried += 1
    assert peers == []
    assert tried >= 300


@pytest.mark.parametrize("inside", INSIDE)
def test_a_name_that_leads_inside_is_refused_alone_and_among_others(monkeypatch, inside):
    reached = []
    monkeypatch.setattr(
        "httpcore.SyncBackend.connect_tcp", lambda self, host, *rest, **more: reached.append(host)
    )
    for found in ([inside], ["93.184.216.34", inside], [inside, "93.184.216.34"]):
        monkeypatch.setattr("integrations.sockets.resolve", lambda host, port, f=found: f)
        assert "not on the public internet" in str(asked("https://desk.example.com")), found
    assert reached == []


def test_a_name_that_changes_its_mind_is_reached_where_it_was_checked(monkeypatch):
    """The second look at a rebinding name leads inside; nobody may look a second time."""
    looked, reached = [], []

    def rebinding(host, port, *rest, **more):
        looked.append(host)
        address = "93.184.216.34" if len(looked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(address, *rest, **more):
        reached.extend(entry[4][0] for entry in socket.getaddrinfo(*address))
        raise OSError("refused")

    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, *rest, **more: (
        rebinding(host, port) if not host[:1].isdigit()
        else [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]
    ))  # fmt: skip
    monkeypatch.setattr(socket, "create_connection", connect)
    assert asked("https://rebinds.example.com") is not None
    assert (looked, reached) == (["rebinds.example.com"], ["93.184.216.34"])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_wherever_it_leads(canary, status):
    port, peers = canary
    for place in (f"http://127.0.0.1:{port}/", "http://169.254.169.254/", f"//[::1]:{port}/"):
        reply = f"HTTP/1.1 {status} Go\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode()
        with serving(lambda connection, r=reply: connection.sendall(r)) as (own, came):
            with closing(client_for(own, tries=1)) as client, pytest.raises(SourceError):
                client.get("/x")
            assert len(came) == 1
    assert peers == []


def test_the_next_page_is_only_read_where_the_last_one_was(canary):
    port, peers = canary
    with serving(lambda connection: None) as (own, _), closing(client_for(own, tries=1)) as client:
        for link in (
            f"http://127.0.0.1:{port}/next",
            f"http://localhost:{own}/next",
            f"https://127.0.0.1:{own}/next",
            f"http://127.0.0.1:{own}@127.0.0.1:{port}/next",
            f"http://user:word@127.0.0.1:{own}/next",
            f"//127.0.0.1:{port}/next",
            f"http://127.0.0.1:{own}.evil.example/next",
            "file:///etc/passwd",
            "gopher://127.0.0.1:70/_x",
        ):
            with pytest.raises(SourceError):
                client.get(link)
    assert peers == []


def test_no_proxy_from_the_environment_is_used(canary, monkeypatch):
    port, peers = canary
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
    assert asked("https://no-such-host.invalid") is not None
    assert peers == []


@given(st.ip_addresses())
@settings(max_examples=300, deadline=None, derandomize=True)
def test_whatever_python_calls_private_is_never_public(address):
    address = getattr(address, "ipv4_mapped", None) or address
    inside = address.is_private or address.is_loopback or address.is_link_local
    inside = inside or address.is_multicast or address.is_reserved or address.is_unspecified
    if inside:
        assert not is_public(str(address))


@pytest.mark.parametrize("kind", ["length", "chunks", "gzip"])
def test_an_answer_beyond_the_cap_is_left_unread(kind):
    """The sender is stopped long before it is through."""
    sent = threading.Event()

    def flood(connection):
        if kind == "length":
            connection.sendall(HEAD + b"Content-Length: 80000000\r\n\r\n")
        elif kind == "chunks":
            connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        else:
            connection.sendall(HEAD + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + BOMB)
            return
        for _ in range(80):
            piece = b" " * 1_000_000
            framed = piece if kind == "length" else b"F4240\r\n" + piece + b"\r\n"
            connection.sendall(framed)
        sent.set()

    with serving(flood) as (port, _):
        client = client_for(port, max_bytes=1_000_000, tries=1)
        with closing(client), pytest.raises(SourceError, match="too much"):
            client.get("/x")
    assert not sent.is_set()


def _bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(b" " * 20_000_000) + packer.flush()


BOMB = _bomb()
