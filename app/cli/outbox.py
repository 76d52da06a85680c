"""`outbox`: what waits to be sent to customers, approve it, send it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated

import typer
from sqlmodel import Session

from app.actions import outbox as action
from app.cli.opening import now, open_desk
from app.cli.saying import note, one_line, plural, say
from app.core.errors import Forbidden, NotFound
from app.core.permissions import Permission, granted
from app.db.queries import outbox, people
from app.jobs import Jobs
from app.views.outbox import Letter, outbox_page

MOST = 500
SOON = timedelta(0)
FAILED = "failed"
tree = typer.Typer(help="Messages to customers.", no_args_is_help=True)


def add_to(program: typer.Typer) -> None:
    """Add these commands."""
    program.add_typer(tree, name="outbox")


@tree.command("list")
def list_messages(
    *,
    show: Annotated[str, typer.Option(help="open, done or all.")] = "open",
    after: Annotated[int, typer.Option(metavar="ID", help="Those after a message.")] = 0,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List messages, each exactly as it is sent."""
    with open_desk() as desk, desk.reading() as db:
        page = outbox_page(db, show, after=after, limit=MOST, at=now())
    if json:
        say(page.model_dump_json())
        return
    if not page.items:
        say("There is no message here.")
    for letter in page.items:
        _say(letter)
    if page.next:
        note(f"There are more; go on with --after {page.next}.")


@tree.command()
def approve(
    ids: Annotated[list[int], typer.Argument(metavar="ID...", help="Numbers of messages.")],
    *,
    by: Annotated[str, typer.Option(metavar="EMAIL", help="The person who approves.")],
) -> None:
    """Approve messages in the name of a person who may; they can be taken back for 10 minutes."""
    with open_desk() as desk, desk.writing() as db:
        changed = action.approve(db, ids, actor=_approver(db, by), at=now())
    say(f"{plural(changed, 'message')} approved; sending begins in 10 minutes.")


@tree.command()
def send(
    *, dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would go.")] = False
) -> None:
    """Send what is approved now, where sending is switched on."""
    with open_desk() as desk:
        if not dry_run:
            result = Jobs(desk.connect, SOON).send(every=SOON)
            say(f"The outbox: {result}.")
            if result.startswith(FAILED):
                raise typer.Exit(1)
            return
        with desk.reading() as db:
            at = now()
            due = {each.letter.id for each in outbox.waiting(db, at) if each.held is None}
            letters = [each for each in _open(db, at) if each.id in due]
    for letter in letters:
        _say(letter)
    say(f"{plural(len(letters), 'message')} would be sent; nothing was.")


def _open(db: Session, at: datetime) -> Iterator[Letter]:
    after: str | None = "0"
    while after is not None:
        page = outbox_page(db, "open", after=int(after), limit=MOST, at=at)
        yield from page.items
        after = page.next


def _say(letter: Letter) -> None:
    to = f"ticket {letter.ticket} at {letter.source}" if letter.ticket else "another way"
    how = "public" if letter.public else "not public"
    why = letter.held or letter.result
    parts = [f"{letter.id}", letter.state_word, letter.customer or "erased", to, how, why]
    say("  ".join(one_line(part) for part in parts if part))
    for line in letter.body.splitlines():
        say(f"    {line}".rstrip())


def _approver(db: Session, email: str) -> str:
    user = people.user_by_email(db, email)
    if user is None or not user.active:
        raise NotFound(f"There is nobody with the address {email} who may sign in.")
    if Permission.outbox_approve not in granted(user.role, organiser=user.organiser):
        raise Forbidden(f"{user.name} may not approve messages; a support lead may.")
    return user.name
