from app.web.guards import FIXED, Guards
from tests.apart import apart

SHARED = {"type": "http.response.start", "status": 200, "headers": [(b"x", b"y")]}


def test_an_answer_that_is_sent_to_every_reader_does_not_grow():
    async def app(scope, receive, send):
        await send(SHARED)

    sent = []

    async def keep(message):
        sent.append(message)

    async def ask():
        scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "state": {}}
        await Guards(app, base_url="http://testserver")(scope, None, keep)

    for _ in range(3):
        apart(ask)
    assert SHARED["headers"] == [(b"x", b"y")]
    assert {len(message["headers"]) for message in sent} == {len(FIXED) + 3}
