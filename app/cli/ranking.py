"""`rank`: the ranked list of open bugs."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from app.cli.opening import now, open_desk
from app.cli.options import pairs
from app.cli.saying import plural, say
from app.core.errors import Invalid
from app.views.rankings import RankedBug, ranking


def add_to(program: typer.Typer) -> None:
    """Add this command."""
    program.command()(rank)


def rank(
    *,
    as_of: Annotated[
        str | None, typer.Option(metavar="ISO", help="The instant, as 2026-11-02T00:00:00Z.")
    ] = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Try a weight, as beta=2; repeatable."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="How many bugs to list.")] = None,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List open bugs by what they cost customers, computed from facts for that instant."""
    instant = read_instant(as_of) if as_of else None
    wish = {name: _weight(name, text) for name, text in pairs(what_if or [], "--what-if").items()}
    with open_desk() as desk, desk.reading() as db:
        found = ranking(db, as_of=instant, limit=limit, at=now(), wish=wish)
    if json:
        say(found.model_dump_json())
        return
    if not found.items:
        say("No open bug has a confirmed ticket of a customer yet.")
    for each in found.items:
        say(_line(each))


def _weight(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Invalid(f"“{text}” is not a number, but {name} should be one.") from None


def _line(bug: RankedBug) -> str:
    counts = f"{plural(bug.customers, 'customer')}, {plural(bug.tickets, 'ticket')}"
    return f"{bug.rank:>4}  {bug.score:>8.1f}  {bug.key}  {bug.title}  ({counts})"


def read_instant(text: str) -> datetime:
    """Read an ISO date or time; without a zone it is UTC, without a time the day's first."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(f"“{text}” is not an instant; write it as 2026-11-02T00:00:00Z.") from None
