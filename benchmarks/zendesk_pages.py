"""A server of ready-made Zendesk export pages, so that only the reader is measured.

Run as `python -m benchmarks.zendesk_pages PAGES`; it prints its port.
"""

import asyncio
import json
import random
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

PER_PAGE = 1000
FIRST = datetime(2025, 1, 6, 8, tzinfo=UTC)
ORGANIZATIONS, BUGS = 4_000, 10_000
BUG_ADDRESS = "https://bugs.example.com/acme/app/issues/"
TEXT = """when the export of a report is opened again after the last update our people see an
empty page instead of it and the list behind does not load any more which stops the whole team
since Monday we have tried another browser and cleared the cache but nothing helped so far please
tell us what we can do or when there will be a fix because the month must be closed"""
WORDS = TEXT.split()
STATUSES = ("new", "open", "open", "pending", "hold", "solved", "closed", "closed")
EMPTY: dict[str, Any] = {
    "external_id": None,
    "recipient": "help@support.example",
    "due_at": None,
    "collaborator_ids": [],
    "follower_ids": [],
    "email_cc_ids": [],
    "followup_ids": [],
    "sharing_agreement_ids": [],
    "forum_topic_id": None,
    "is_public": True,
    "allow_channelback": False,
    "allow_attachments": True,
    "from_messaging_channel": False,
    "has_incidents": False,
    "ticket_form_id": 360_000_111_222,
    "brand_id": 360_000_333_444,
    "via": {"channel": "email", "source": {"from": {}, "to": {}, "rel": None}},
}


def page(number: int, pages: int) -> bytes:
    """Write one page of 1,000 tickets with its sideloads, the same at every call."""
    dice = random.Random(number)
    rows = [ticket(number * PER_PAGE + place + 1, dice) for place in range(PER_PAGE)]
    last = number == pages - 1
    body = {
        "tickets": rows,
        "users": [user(each) for each in sorted({row["requester_id"] for row in rows})],
        "organizations": [organization(o) for o in sorted({r["organization_id"] for r in rows})],
        "after_cursor": f"page-{number + 1}",
        "after_url": f"https://acme.example/api/v2/incremental/tickets/cursor?cursor={number + 1}",
        "before_cursor": None,
        "end_of_stream": last,
    }
    return json.dumps(body).encode()


def ticket(number: int, dice: random.Random) -> dict[str, Any]:
    """Write one ticket; every fourth names a bug by its address."""
    born = FIRST + timedelta(minutes=5 * number)
    status = dice.choice(STATUSES)
    text = " ".join(dice.choices(WORDS, k=dice.randint(20, 120)))
    if number % 4 == 0:
        text += f"\nSee {BUG_ADDRESS}{dice.randint(1, BUGS)} for what we found out."
    fields = [{"id": 360_000_000 + i, "value": None if i % 3 else f"value_{i}"} for i in range(6)]
    solved = _iso(born + timedelta(days=2)) if status in {"solved", "closed"} else None
    return EMPTY | {
        "url": f"https://acme.example/api/v2/tickets/{number}.json",
        "id": number,
        "created_at": _iso(born),
        "updated_at": _iso(born + timedelta(days=3)),
        "generated_timestamp": int(born.timestamp()) + 300_000,
        "type": dice.choice(("question", "incident", "problem", None)),
        "subject": " ".join(dice.choices(WORDS, k=7)),
        "raw_subject": "Nothing works",
        "description": text,
        "priority": dice.choice(("low", "normal", "high", None)),
        "status": status,
        "requester_id": 7_000_000 + number % 30_000,
        "submitter_id": 7_000_000 + number % 30_000,
        "assignee_id": 8_000_000 + number % 40,
        "organization_id": 9_000_000 + dice.randrange(ORGANIZATIONS),
        "group_id": 500 + number % 9,
        "problem_id": None,
        "tags": dice.sample(("export", "billing", "vip", "login", "area_mail", "emea"), 3),
        "custom_fields": fields,
        "fields": fields,
        "satisfaction_rating": {"score": "good" if number % 9 == 0 else "unoffered"},
        "custom_status_id": 32_000_000_000_000,
        "metric_set": {"id": number, "ticket_id": number, "reopens": number % 3 // 2}
        | {"solved_at": solved, "replies": 2, "group_stations": 1},
    }


def user(number: int) -> dict[str, Any]:
    """Write one sideloaded requester."""
    address = f"person{number}@company{number % 5000}.example"
    return {"id": number, "name": f"Person {number}", "email": address, "role": "end-user"}


def organization(number: int) -> dict[str, Any]:
    """Write one sideloaded organisation."""
    return {
        "id": number,
        "name": f"Company {number}",
        "domain_names": [f"company{number}.example"],
        "organization_fields": {"arr": number % 97 * 1000, "plan": "gold"},
        "updated_at": _iso(FIRST),
        "deleted_at": None,
    }


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _answer(body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{head}\r\n".encode() + body


class Site:
    """Answers from memory: the ticket export page by page, every other stream with nothing."""

    def __init__(self, pages: int) -> None:
        self.pages = [_answer(page(number, pages)) for number in range(pages)]

    def answer(self, target: str) -> bytes:
        """Return the whole answer to a request."""
        parts = urlsplit(target)
        asked = parse_qs(parts.query)
        if parts.path.endswith("/tickets/cursor"):
            cursor = asked.get("cursor", ["page-0"])[0]
            return self.pages[min(int(cursor.removeprefix("page-")), len(self.pages) - 1)]
        if "/incremental/" in parts.path:
            name = parts.path.rpartition("/")[2]
            start = int(asked.get("start_time", ["0"])[0])
            return _answer(
                json.dumps({name: [], "end_time": start, "end_of_stream": True}).encode()
            )
        name = {"links": "links"}.get(parts.path.rpartition("/")[2], "satisfaction_ratings")
        empty = {name: [], "survey_responses": [], "meta": {"has_more": False}}
        return _answer(json.dumps(empty).encode())

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection until its other end leaves."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                writer.write(self.answer(head.split(b" ", 2)[1].decode()))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


async def main(pages: int) -> None:
    """Serve until stopped."""
    server = await asyncio.start_server(Site(pages).serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
