"""Connect a source from its page: its form, its test, its dry run, its first reading."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from app.actions import rotating, runs
from app.actions import sources as keeping
from app.actions.starting import Starter
from app.core.errors import AppError, Invalid, NotFound
from app.core.permissions import Permission
from app.db.models import Source
from app.db.queries import sources as rows
from app.views.forms import FROM_PAGES, source_form, split
from app.views.runs import runs_of_one
from app.views.welcome import nobody_yet, welcome
from app.web.cookies import local
from app.web.desk import AtDesk, Desk, needs
from app.web.faces import back_to, fragment, whole_page

pages = APIRouter(include_in_schema=False)
Back = Annotated[str | None, Form(max_length=500)]
MOST_FIELDS, LONGEST = 60, 4_000


async def _typed(request: Request) -> dict[str, str]:
    """Return the fields of a form whose names hang on the kind of source."""
    async with request.form(max_fields=MOST_FIELDS, max_files=0) as form:
        return {name: str(value)[:LONGEST] for name, value in form.items()}


Typed = Annotated[dict[str, str], Depends(_typed)]


@pages.get("/welcome")
@needs(Permission.anyone)
def first_steps(desk: AtDesk) -> Response:
    """Show the way to the first board: to administrators, and to all while there is none."""
    fresh = not desk.demo and nobody_yet(desk.reader)
    if not fresh:
        desk.admit(Permission.source_write)
    return whole_page(desk, "welcome/page.html", welcome(desk.reader, at=desk.at, fresh=fresh))


@pages.post("/welcome/dry-run")
@needs(Permission.source_write)
def count_all(desk: AtDesk) -> Response:
    """Count what would come from every source that was not read yet."""
    _starter(desk).count(desk.db, _unread(desk), at=desk.at)
    return back_to(desk, "/welcome", "/welcome")


@pages.post("/welcome/import")
@needs(Permission.source_write)
def import_all(desk: AtDesk) -> Response:
    """Read every source that was not read to its end yet, those with bugs first."""
    wanted = _unread(desk)
    for source in wanted:
        _resume(desk, source)
    _starter(desk).reading(desk.db, wanted, at=desk.at)
    return back_to(desk, "/welcome", "/welcome")


@pages.get("/sources/new")
@needs(Permission.source_write)
def new_source(desk: AtDesk, kind: str = FROM_PAGES[0], back: str = "/sources") -> Response:
    """Show the form of a kind of source."""
    return whole_page(desk, "connect/page.html", source_form(_kind(kind), back=local(back)))


@pages.post("/sources")
@needs(Permission.source_write)
def add(desk: AtDesk, typed: Typed) -> Response:
    """Store a source, not read until somebody says so, once its connection was tried."""
    kind, name = _kind(typed.get("kind", "")), typed.get("name", "").strip()
    plain, secret = split(kind, typed)
    vault = desk.request.app.state.connect.vault
    try:
        new = keeping.checked(kind, name, plain, secret)
        keeping.add(desk.db, new, vault=vault, actor=desk.visitor.name, at=desk.at, paused=True)
    except AppError as error:
        again = source_form(kind, typed, error=str(error), back=_back(typed))
        return whole_page(desk, "connect/page.html", again, status=422)
    _starter(desk).test(desk.db, _source(desk, name), at=desk.at)
    return RedirectResponse(f"{_back(typed)}#source-{name}", 303)


@pages.post("/sources/{name}/test")
@needs(Permission.source_write)
def try_it(desk: AtDesk, name: str, back: Back = None) -> Response:
    """Try the connection, and show who we are there."""
    _starter(desk).test(desk.db, _source(desk, name), at=desk.at)
    return back_to(desk, back, "/sources")


@pages.post("/sources/{name}/dry-run")
@needs(Permission.source_write)
def count(desk: AtDesk, name: str, back: Back = None) -> Response:
    """Count what would come, beside the request; the page shows how far it is."""
    _starter(desk).count(desk.db, [_source(desk, name)], at=desk.at)
    return back_to(desk, back, "/sources")


@pages.post("/sources/{name}/sync")
@needs(Permission.source_write)
def sync(desk: AtDesk, name: str, back: Back = None) -> Response:
    """Start reading a source now; the page shows how far it is."""
    _starter(desk).reading(desk.db, [_source(desk, name)], at=desk.at)
    return back_to(desk, back, "/sources")


@pages.post("/sources/{name}/stop")
@needs(Permission.source_write)
def stop(desk: AtDesk, name: str, back: Back = None) -> Response:
    """End what is under way after its current page."""
    runs.stop(desk.db, name, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, back, "/sources")


@pages.get("/sources/{name}/run")
@needs(Permission.source_write)
def how_far(desk: AtDesk, name: str) -> Response:
    """Show how far a source's run is, as the part of a page."""
    found = runs_of_one(desk.reader, _source(desk, name), at=desk.at)
    return fragment("sources/progress.html", found, name=name, ended=True)


@pages.post("/sources/{name}/secret")
@needs(Permission.source_write)
def replace_secret(
    desk: AtDesk,
    name: str,
    option: Annotated[str, Form(max_length=60)],
    secret: Annotated[str, Form(min_length=1, max_length=4_000)],
    back: Back = None,
) -> Response:
    """Replace a secret with which we sign in at a source."""
    source = _source(desk, name)
    known = [f.name for f in source_form(source.kind).fields if f.shape == "secret"]
    if option not in known:
        raise Invalid(f"{name} has no secret “{option}”; known: {', '.join(known) or 'none'}.")
    vault = desk.request.app.state.connect.vault
    given = {option: secret.strip()}
    rotating.rotate(desk.db, name, given, vault=vault, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, back, "/sources")


def _back(typed: dict[str, str]) -> str:
    return local(typed.get("back") or "/sources")


def _starter(desk: Desk) -> Starter:
    starter: Starter = desk.request.app.state.starter
    return starter


def _kind(kind: str) -> str:
    if kind not in FROM_PAGES:
        raise Invalid(
            f"A source of kind “{kind}” cannot be connected from a page; "
            f"known here: {', '.join(FROM_PAGES)}."
        )
    return kind


def _unread(desk: Desk) -> list[Source]:
    found = [s for s in rows.sources(desk.db) if s.good_at is None and "~" not in s.name]
    if not found:
        raise Invalid("Every source was read to its end already; connect another one first.")
    return found


def _resume(desk: Desk, source: Source) -> None:
    if source.paused:
        keeping.pause(desk.db, source.name, paused=False, actor=desk.visitor.name, at=desk.at)


def _source(desk: Desk, name: str) -> Source:
    found = rows.source_by_name(desk.db, name)
    if found is None or "~" in name:
        raise NotFound(f"There is no source “{name}”.")
    return found
