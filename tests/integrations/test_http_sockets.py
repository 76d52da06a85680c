"""The client against real sockets: drips, cuts, and addresses inside the network."""

import socket
import threading
import time
from contextlib import closing, contextmanager

import msgspec
import pytest

from integrations.addresses import is_public
from integrations.errors import Misconfigured, Unavailable, Unreadable
from integrations.http import Http, TimedOut
from tests.integrations.given import Given

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@contextmanager
def serving(reply):
    """Serve `reply(connection)` for each connection; yields the port and a list of peers."""
    peers = []
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def serve():
            while True:
                try:
                    connection, peer = listener.accept()
                except OSError:
                    return
                peers.append(peer)
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

        def answer(connection):
            with connection:
                try:
                    connection.recv(65536)
                    reply(connection)
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1], peers
        listener.shutdown(socket.SHUT_RDWR)


def client_for(port, **more):
    given = Given(f"127.0.0.1:{port}")
    return Http(f"http://127.0.0.1:{port}", around=given.around, name="Desk", **more)


def drip(connection, start, piece):
    connection.sendall(start)
    for _ in range(200):
        connection.sendall(piece)
        time.sleep(0.05)


@pytest.mark.parametrize(
    "start, piece",
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-Slow: 1\r\n"),
        (HEAD + b"Content-Length: 9000\r\n\r\n[", b"        "),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n[\r\n", b"1\r\n \r\n"),
        (b"", b""),
    ],
    ids=["headers", "body", "chunks", "silence"],
)
def test_a_drip_is_stopped_at_the_deadline(start, piece):
    with serving(lambda connection: drip(connection, start, piece)) as (port, _):
        client = client_for(port, total_seconds=0.6, timeouts=1)
        began = time.monotonic()
        with closing(client), pytest.raises(TimedOut, match=r"within 0\.6 s"):
            client.get("/x")
        assert 0.5 < time.monotonic() - began < 1.5


@pytest.mark.parametrize(
    "reply",
    [
        HEAD + b'Content-Length: 30\r\n\r\n{"a": 1}',
        HEAD + b'Transfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n',
        HEAD + b"Content-Le",
        b"",
        b"garbage\r\n\r\n",
    ],
    ids=["length", "chunks", "headers", "nothing", "garbage"],
)
def test_an_answer_that_breaks_off_is_asked_for_again(reply):
    replies = [reply, reply, HEAD + b"Content-Length: 2\r\n\r\n{}"]
    with serving(lambda connection: connection.sendall(replies.pop(0))) as (port, peers):
        with closing(client_for(port)) as client:
            assert client.get("/x").json() == {}
        assert len(peers) == 3


def test_a_closed_port_is_unavailable_and_says_what_to_check():
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    refused = pytest.raises(Unavailable, match=r"connection refused.*check the address")
    with closing(client_for(port, tries=2)) as client, refused:
        client.get("/x")


def test_whoever_waits_for_a_test_gets_the_same_sentence_after_two_tries():
    given = Given()
    hurried = msgspec.structs.replace(given.around, tries=2, longest_seconds=3.0)
    client = Http("https://no-such-host.invalid", around=hurried, name="Desk")
    with closing(client), pytest.raises(Unavailable, match="name is not known"):
        client.get("/x")
    assert len(given.slept) == 1
    assert sum(given.slept) <= 3


def test_a_name_that_does_not_exist_is_unavailable():
    client = Http("https://no-such-host.invalid", around=Given().around, name="Desk", tries=1)
    with closing(client), pytest.raises(Unavailable, match="name is not known"):
        client.get("/x")


def test_a_resolver_that_hangs_is_left_at_the_deadline(monkeypatch):
    hang = threading.Event()
    monkeypatch.setattr("integrations.sockets.resolve", lambda host, port: hang.wait(5) or [])
    client = Http(
        "https://desk.example.com",
        around=Given().around,
        name="Desk",
        total_seconds=0.3,
        timeouts=1,
    )
    began = time.monotonic()
    with closing(client), pytest.raises(TimedOut):
        client.get("/x")
    hang.set()
    assert time.monotonic() - began < 1.5


def test_a_token_with_a_line_break_is_the_operators_to_mend_and_never_sent():
    with serving(lambda connection: None) as (port, _):
        client = client_for(port, headers={"Authorization": "Bearer abc\r\nX-Evil: 1"})
        with closing(client), pytest.raises(Misconfigured, match="cannot be sent"):
            client.get("/x")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0", "127.1"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_nothing_inside_is_connected_to(host, scheme):
    with serving(lambda connection: None) as (port, peers):
        client = Http(f"{scheme}://{host}:{port}", around=Given().around, name="Desk")
        with closing(client), pytest.raises(Misconfigured, match="https"):
            client.get("/x")
        assert peers == []


def test_a_name_with_one_inside_address_is_refused(monkeypatch):
    monkeypatch.setattr(
        "integrations.sockets.resolve", lambda host, port: ["93.184.216.34", "10.0.0.7"]
    )
    client = Http("https://desk.example.com", around=Given().around, name="Desk")
    with closing(client), pytest.raises(Misconfigured, match="not on the public internet"):
        client.get("/x")


def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch):
    asked = []

    def answer(host, port):
        asked.append(host)
        return ["127.0.0.1"]

    monkeypatch.setattr("integrations.sockets.resolve", answer)
    with serving(lambda c: c.sendall(HEAD + b"Content-Length: 2\r\n\r\n{}")) as (port, peers):
        given = Given(f"inside.test:{port}")
        client = Http(f"http://inside.test:{port}", around=given.around, name="Desk")
        with closing(client):
            client.get("/x")
    assert (asked, len(peers)) == (["inside.test"], 1)


def test_a_next_link_on_another_port_is_refused():
    with serving(lambda c: c.sendall(HEAD + b"Content-Length: 2\r\n\r\n{}")) as (port, peers):
        with closing(client_for(port)) as client, pytest.raises(Unreadable):
            client.get(f"http://127.0.0.1:{port + 1}/x")
        assert peers == []


@pytest.mark.parametrize(
    "address, public",
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("169.254.169.254", False),
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("192.0.0.8", False),
        ("224.0.0.1", False),
        ("ff02::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::a00:1", False),
        ("2002:7f00:1::", False),
        ("0.0.0.0", False),
        ("::127.0.0.1", False),
        ("::2", False),
    ],
)
def test_only_public_addresses_are_public(address, public):
    assert is_public(address) is public
