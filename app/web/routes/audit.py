"""The record of what happened: looked through, verified, taken away as a file."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse
from sqlmodel import Session

from app.actions import auditing
from app.core.permissions import Permission
from app.db.queries import auditing as rows
from app.views.audit import Audit, AuditQuery, as_csv, as_lines, audit
from app.web.desk import AtDesk, Desk, needs
from app.web.faces import json_answer, whole_page
from app.web.texts import NO_NUL

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["activity"])
FEW = 10_000
"""As many notes are verified whenever the page is looked at; more of them when asked for."""
Lines = Callable[[Session, AuditQuery], Iterator[str]]


class Asked(AuditQuery):
    """A question with its bounds, and where the list goes on."""

    actor: Annotated[str, Query(max_length=200, pattern=NO_NUL)] = ""
    verb: Annotated[str, Query(max_length=40, pattern=NO_NUL)] = ""
    q: Annotated[str, Query(max_length=200, pattern=NO_NUL)] = ""
    since: date | Literal[""] | None = None  # type: ignore[assignment]
    until: date | Literal[""] | None = None  # type: ignore[assignment]
    after: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None
    verify: bool = False

    def question(self) -> AuditQuery:
        """Return what is looked for; an empty day of a form is none."""
        facts = self.model_dump(exclude={"after", "verify"})
        return AuditQuery(**{name: value or None for name, value in facts.items() if value})


Question = Annotated[Asked, Query()]


@pages.get("/audit")
@needs(Permission.audit_read)
def record(desk: AtDesk, asked: Question) -> Response:
    """Show what happened, newest first, and whether the record is whole."""
    found = audit(desk.reader, asked.question(), before=asked.after)
    return whole_page(
        desk, "audit/page.html", found.model_copy(update=_chain(desk, now=asked.verify))
    )


@api.get("/activity", response_model=Audit)
@needs(Permission.audit_read)
def activity(desk: AtDesk, asked: Question) -> Response:
    """List what happened, newest first."""
    found = audit(desk.reader, asked.question(), before=asked.after)
    return json_answer(found.model_copy(update=_chain(desk, now=asked.verify)))


@pages.get("/audit.csv")
@needs(Permission.audit_read)
def record_csv(desk: AtDesk, asked: Question) -> Response:
    """Return the record, or what is looked for in it, as CSV."""
    return _file(desk, asked, as_csv, "text/csv; charset=utf-8", "audit.csv")


@pages.get("/audit.jsonl")
@needs(Permission.audit_read)
def record_lines(desk: AtDesk, asked: Question) -> Response:
    """Return the record, or what is looked for in it, as JSON Lines."""
    return _file(desk, asked, as_lines, "application/jsonl", "audit.jsonl")


def _chain(desk: Desk, *, now: bool) -> dict[str, object]:
    if not now and rows.count(desk.reader) > FEW:
        return {"chain": auditing.last_said(desk.reader), "whole": True}
    verdict = auditing.check(desk.reader)
    return {"chain": auditing.said(verdict), "whole": verdict.broken_at is None}


def _file(desk: Desk, asked: Asked, lines: Lines, kind: str, name: str) -> Response:
    engine, question = desk.request.app.state.reading, asked.question()

    def body() -> Iterator[str]:
        # The request's own session is given back before the first line leaves.
        with Session(engine) as db:
            yield from lines(db, question)

    named = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(body(), media_type=kind, headers=named)
