"""`user`, `token` and `teams`: who may come in, and who is there."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter
from sqlmodel import Session

from app.actions import people, second_factor, staff, teams
from app.cli.opening import ACTOR, now, open_desk
from app.cli.options import one_of, read_secret
from app.cli.saying import asked_on_terminal, note, plural, say
from app.core.errors import Invalid, NotFound
from app.core.vocabulary import Role
from app.db.queries import people as rows
from app.views.staff import TokenLine, token_lines

users = typer.Typer(help="People who sign in.", no_args_is_help=True)
tokens = typer.Typer(help="Keys for programs.", no_args_is_help=True)
rosters = typer.Typer(help="Teams, their members and areas.", no_args_is_help=True)


def add_to(program: typer.Typer) -> None:
    """Add these commands."""
    program.add_typer(users, name="user")
    program.add_typer(tokens, name="token")
    program.add_typer(rosters, name="teams")


@users.command("add")
def add_user(
    email: Annotated[str, typer.Argument(metavar="EMAIL")],
    *,
    role: Annotated[
        Role,
        typer.Option(parser=one_of(Role), metavar="ROLE", help=f"One of {', '.join(Role)}."),
    ],
    team: Annotated[str | None, typer.Option(metavar="KEY", help="The team's key.")] = None,
    password: Annotated[
        str | None,
        typer.Option(metavar="@env:VAR|@file:PATH|-", help="Where to read the password."),
    ] = None,
) -> None:
    """Add a person with a password."""
    secret = read_secret("password", password) if password else _asked()
    with open_desk() as desk, desk.writing() as db:
        people.add_user(db, email, role=role, password=secret, team=team, at=now())
    say(f"{email.strip().lower()} may sign in as {role.value.replace('_', ' ')}.")


@users.command("password")
def reset_password(email: Annotated[str, typer.Argument(metavar="EMAIL")]) -> None:
    """Give a person a first password: shown this once, good for a week, to be changed at once."""
    with open_desk() as desk, desk.writing() as db:
        _, made = staff.give_password(db, _known(db, email), actor=ACTOR, at=now())
    say(made)
    note("This password is shown only now; it has to be changed at the first sign-in.")


@users.command("factor")
def reset_second_factor(email: Annotated[str, typer.Argument(metavar="EMAIL")]) -> None:
    """Take the second factor of somebody who lost it off."""
    with open_desk() as desk, desk.writing() as db:
        second_factor.reset(db, _known(db, email), actor=ACTOR, at=now())
    say(f"{email.strip().lower()} signs in with the password alone from now on.")


def _known(db: Session, email: str) -> int:
    found = rows.user_by_email(db, email)
    if found is None or found.id is None:
        raise NotFound(f"There is no person with the address {email}.")
    return found.id


def _asked() -> str:
    if not asked_on_terminal():
        raise Invalid(
            "Say where the password is: --password @env:VARIABLE, @file:PATH, or - for "
            "standard input."
        )
    given: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return given


@tokens.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    *,
    scope: Annotated[list[str], typer.Option(metavar="SCOPE", help="What it may do; repeatable.")],
    days: Annotated[int, typer.Option(min=1, max=365, help="How long it is good.")] = 365,
) -> None:
    """Make a program's token, which is shown this once."""
    scopes = [part.strip() for text in scope for part in text.split(",") if part.strip()]
    with open_desk() as desk, desk.writing() as db:
        token = people.create_token(db, name, scopes=scopes, at=now(), days=days)
    say(token)
    note(f"This token is shown only now; it ends in {plural(days, 'day')}.")


@tokens.command("list")
def list_tokens(*, json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """List every token, newest first: what it may do, until when, and when it was last used."""
    with open_desk() as desk, desk.reading() as db:
        lines = token_lines(db, at=now())
    if json:
        say(TypeAdapter(list[TokenLine]).dump_json(lines, indent=2).decode())
        return
    for line in lines:
        say(_token(line))
    if not lines:
        note("No program has a token; make one with `bugsprint token create`.")


@tokens.command()
def revoke(name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """End a token; it is refused from the next request on."""
    with open_desk() as desk, desk.writing() as db:
        found = rows.named_token(db, name)
        if found is None:
            raise NotFound(f"There is no token “{name}”.")
        people.revoke_token(db, found, actor=ACTOR, at=now())
    say(f"The token {name} is refused from now on.")


def _token(line: TokenLine) -> str:
    until = f"until {line.expires_at:%Y-%m-%d}" if line.state == "good" else line.state
    used = f"last used {line.last_used_at:%Y-%m-%d}" if line.last_used_at else "never used"
    ending = f" …{line.ending}" if line.ending else ""
    return f"{line.name}{ending}  {', '.join(line.scopes)}  {until}, {used}"


@rosters.callback()
def _teams() -> None:
    """Keep `import` a word of its own although it is the only one."""


@rosters.command("import")
def import_teams(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="YAML; - is standard input.")],
) -> None:
    """Read teams, members, capacity and areas from a YAML file."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Invalid(f"The teams file {file} is not UTF-8 text.") from None
    with open_desk() as desk, desk.writing() as db:
        roster = teams.import_teams(db, text, actor=ACTOR, at=now())
    members = sum(len(team.members) for team in roster.teams)
    counts = [(len(roster.teams), "team"), (len(roster.areas), "area"), (members, "member")]
    say(f"Kept {', '.join(plural(count, noun) for count, noun in counts)}.")
