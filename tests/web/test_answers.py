"""What an answer says of itself, what has no answer, and messages whose end can be doubted."""

import csv
import io
import json
import re
import socket
from contextlib import suppress
from urllib.parse import urlsplit

from app.core.vocabulary import Role
from tests.web.roads import address, roads
from tests.web.serving import served

FOLDERS = ("/static", "/static/", "/static/css", "/static/css/", "/static/js/", "/static/vendor/",
           "/static/%2e%2e/", "/templates/", "/.git/", "/.git/config", "/app/",
           "/docs", "/redoc")  # fmt: skip
READS = {
    "text/html; charset=utf-8": lambda text: text.lstrip()[:1] == "<",
    "text/plain; charset=utf-8": lambda text: all(map(str.isprintable, text.splitlines())),
    "text/css; charset=utf-8": lambda text: "{" in text,
    "text/javascript; charset=utf-8": lambda text: "(" in text,
    "text/csv; charset=utf-8": lambda text: len(list(csv.reader(io.StringIO(text)))) >= 1,
    "application/json": lambda text: json.loads(text) is not None,
    "application/problem+json": lambda text: "title" in json.loads(text),
    "application/jsonl": lambda text: all(map(json.loads, text.splitlines())),
    "application/x-ndjson": lambda text: all(map(json.loads, text.splitlines())),
    "image/svg+xml": lambda text: "<svg" in text,
    "font/woff2": lambda text: bool(text),
}

PLAIN = {"/healthz", "/readyz", "/live/poll"}
"""What says of itself that it is plain text; anything could be read as that."""
ENDLESS = {"/live", "/live/tv"}


def test_every_answer_names_the_type_that_it_is(app, client, sign_in, sample):
    seen = set()
    visitor = sign_in(Role.admin)
    page = visitor.get(f"/s/{sample.slug}/board").text
    files = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
    asked = [(m, address(path, sample)) for m, path, _ in roads(app) if path not in ENDLESS]
    asked += [("GET", each) for each in [*files, "/openapi.json", "/nowhere", "/static/none"]]
    for method, place in asked:
        # What nobody changes anything with is asked by somebody who may read it all.
        answer = (visitor if method == "GET" else client).request(method, place)
        if not answer.content:
            continue
        kind = answer.headers.get("content-type", "")
        assert kind in READS, (method, place, kind)
        assert READS[kind](answer.content.decode("utf-8", "replace")), (method, place, kind)
        assert kind.startswith("text/plain") is (place in PLAIN), (method, place, kind)
        seen.add(kind)
    assert len(files) >= 3
    assert len(seen) >= 7, seen


def test_no_folder_is_listed_and_nothing_beside_the_static_files_is_served(sign_in):
    visitor = sign_in(Role.admin)
    for place in FOLDERS:
        answer = visitor.get(place, follow_redirects=True)
        assert answer.status_code == 404, place
        body = answer.text.split("<main", 1)[-1].split("</main", 1)[0]
        assert not re.search(r"\.(?:css|js|py|html)\b", body), place


def test_no_address_takes_a_method_that_repeats_what_was_sent(app, sign_in, sample):
    visitor = sign_in(Role.admin)
    places = {address(path, sample) for _, path, _ in roads(app)}
    for place in [*places, "/static/css/board.css", "/nowhere"]:
        for method in ("TRACE", "TRACK", "DEBUG"):
            answer = visitor.request(method, place, headers={"x-canary": "zebra"})
            assert answer.status_code in {403, 404, 405}, (method, place, answer.status_code)
            assert "zebra" not in answer.text


HIDDEN = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
DOUBTFUL = {
    "a length and chunks": b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n%s",
    "two lengths": b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n%s",
    "a length with a sign": b"Content-Length: +%d\r\n\r\n%s",
    "a space before the colon": b"Content-Length : %d\r\n\r\n%s",
    "chunks by another name": b"Content-Length: %d\r\nTransfer-Encoding: xchunked\r\n\r\n%s",
    "a chunk with a sign": b"X: %d\r\nTransfer-Encoding: chunked\r\n\r\n+0\r\n\r\n%s",
}


def test_a_message_whose_end_can_be_doubted_hides_no_second_one(app):
    head = b"POST /sign-out HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n"
    with served(app) as (base, _, _):
        at = urlsplit(base)
        plain = answers(at, head + b"Content-Length: 0\r\n\r\n" + HIDDEN)
        assert plain == [b"303", b"200", b"404"]
        for doubt, rest in DOUBTFUL.items():
            found = answers(at, head + rest % (len(HIDDEN), HIDDEN))
            # Refused, or its length taken for what it is: the second is no message of its own.
            assert found in ([b"400"], [b"303", b"404"]), (doubt, found)


LAST = b"GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def answers(at, message):
    """Send bytes and a last request on a new connection; returns the status of each answer."""
    heard = b""
    with socket.create_connection((at.hostname, at.port), timeout=30) as connection:
        connection.sendall(message + LAST)
        with suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                heard += piece
    return re.findall(rb"HTTP/1\.1 (\d{3}) ", heard)
