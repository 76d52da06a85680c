"""Connectors whose pages a test writes down, and records with as few words as it has reasons."""

from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel

from app.actions.sync import Sync
from app.actions.vault import Vault
from integrations.contract import (
    CustomerRecord,
    Gone,
    Identity,
    IssueRecord,
    Page,
    Reference,
    TicketRecord,
)
from tests.make import DAWN

VAULT = Vault("a key for tests only")


class Given:
    """Reads given pages, stream by stream; a page may be an error, raised in its place.

    Each stream is a list of pages that stand behind positions "1", "2", …; reading goes on after
    the stored one, as a real source does.
    """

    kind: ClassVar = "given"
    noun: ClassVar = "any"
    Options: ClassVar = BaseModel

    def __init__(self, streams, found=()):
        self.given = streams
        self.streams = tuple(streams)
        self.found = {record.external_id: record for record in found}
        self.asked = []
        self.read = []

    def pages(self, stream, position):
        start = int(position or 0)
        for number, page in enumerate(self.given[stream][start:], start=start + 1):
            if isinstance(page, Exception):
                raise page
            self.read.append((stream, number))
            yield (
                page
                if page.position
                else page_of(
                    *page.records,
                    rejected=page.rejected,
                    present=page.present,
                    position=str(number),
                )
            )

    def look_up(self, known):
        for external_id, names in known:
            self.asked.append((external_id, names))
            if external_id in self.found:
                yield self.found[external_id]

    def check(self):
        return Identity(who="nobody")

    def close(self):
        self.given = {}


def page_of(*records, rejected=(), present=None, position=""):
    return Page(records=records, rejected=rejected, present=present, position=position)


def run(db, source, connector, *, at=DAWN, full=False):
    """Sync once; the session afterwards sees everything anew."""
    engine, source_id = db.get_bind(), source if isinstance(source, int) else source.id
    db.rollback()
    outcome = Sync(engine, source_id, connector, VAULT, lambda: at).run(full=full)
    db.expire_all()
    return outcome


def counted(db, source, connector):
    """What a sync would bring."""
    engine, source_id = db.get_bind(), source.id
    db.rollback()
    return Sync(engine, source_id, connector, VAULT, lambda: DAWN).dry_run()


def ticket(external_id="1", *, at: datetime = DAWN, stamp=1, refs=(), **more):
    """A ticket; `refs` are pairs of reference and origin."""
    facts = {
        "url": None,
        "subject": "It hangs",
        "text": "Help",
        "status": "open",
        "priority": None,
        "type": None,
        "tags": (),
        "customer": "org-1",
        "requester": "900",
        "requester_domain": None,
        "problem": None,
        "created_at": DAWN,
        "updated_at": at,
        "solved_at": None,
        "reopens": 0,
        "csat": None,
        "stamp": stamp,
        "references": tuple(Reference(ref, origin) for ref, origin in refs),
    }
    return TicketRecord(external_id=external_id, **(facts | more))


def issue(number=12, *, at: datetime = DAWN, **more):
    """A bug acme/app#number."""
    facts = {
        "key": f"acme/app#{number}",
        "names": (f"https://github.test/acme/app/issues/{number}",),
        "url": f"https://github.test/acme/app/issues/{number}",
        "title": "Export hangs",
        "text": "It hangs.",
        "type": None,
        "status_raw": "open",
        "status_category": "open",
        "resolution": None,
        "priority_raw": None,
        "severity": None,
        "labels": (),
        "components": (),
        "assignees": (),
        "reporter": None,
        "created_at": DAWN,
        "updated_at": at,
        "closed_at": None,
    }
    return IssueRecord(external_id=more.pop("external_id", f"I{number}"), **(facts | more))


def organisation(external_id="org-1", name="Acme", **more):
    return CustomerRecord(external_id=external_id, name=name, **more)


def gone(number, visibility="deleted"):
    return Gone(f"I{number}", visibility)
