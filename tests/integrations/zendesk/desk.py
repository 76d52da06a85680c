"""A Zendesk account of prepared answers: path → answers, given one after the other."""

import httpx

from integrations.zendesk import Zendesk
from tests.integrations.given import Given

TOKEN = "token-canary-1234567890"
SECRET = "client-secret-canary-123"
CURSOR = "/api/v2/incremental/tickets/cursor"
OPTIONS = {"subdomain": "acme", "client_id": "bugsprint", "client_secret": SECRET}


class Desk:
    """Answers requests from `script`; the last answer of a path is given for ever.

    Instead of a list a path may have a function of the request.
    """

    def __init__(self, script=None, **options):
        signed_in = {"access_token": TOKEN, "token_type": "bearer", "expires_in": 1800}
        self.script = {"/oauth/tokens": [signed_in], **(script or {})}
        self.asked = []
        self.given = Given()
        self.zendesk = Zendesk(
            OPTIONS | options, self.given.around, transport=httpx.MockTransport(self._answer)
        )

    def _answer(self, request):
        self.asked.append(request)
        answers = self.script.get(request.url.path, [httpx.Response(404)])
        if callable(answers):
            return answers(request)
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    def requests(self, path):
        return [request for request in self.asked if request.url.path == path]

    def params(self, path):
        return [dict(request.url.params) for request in self.requests(path)]

    def pages(self, stream, position=""):
        return list(self.zendesk.pages(stream, position))

    def records(self, stream, position=""):
        return [record for page in self.pages(stream, position) for record in page.records]


def ticket(number, **more):
    return {
        "id": number,
        "subject": f"Ticket {number}",
        "description": "It hangs.",
        "status": "open",
        "tags": [],
        "requester_id": 7,
        "created_at": "2026-10-01T10:00:00Z",
        "updated_at": "2026-10-02T10:00:00Z",
        "generated_timestamp": 1790935200 + number,
    } | more


def exported(*tickets, cursor="c1", end=True, **more):
    return {"tickets": list(tickets), "after_cursor": cursor, "end_of_stream": end} | more
