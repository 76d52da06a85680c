"""`simulate`: a stand-in for Zendesk or GitHub over real HTTP."""

import signal
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from app.cli.saying import say
from app.core.errors import Invalid
from integrations.simulators import SIMULATORS
from integrations.simulators.faults import parse_faults
from integrations.simulators.serve import serve
from integrations.simulators.starting import Options


def add_to(program: typer.Typer) -> None:
    """Add this command."""
    program.command()(simulate)


def simulate(  # noqa: PLR0913 - each parameter is an option of the command
    kind: Annotated[str, typer.Argument(metavar="KIND", help="zendesk or github.")],
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free one.")] = 0,
    tickets: Annotated[int, typer.Option(min=1, max=1_000_000)] = 1800,
    bugs: Annotated[int | None, typer.Option(min=1)] = None,
    seed: int = 7,
    faults: Annotated[
        str | None, typer.Option(metavar="SPEC", help="As 429:0.05,500:0.02,truncate:0.01.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to write truth.jsonl.")
    ] = None,
    rate: Annotated[int, typer.Option(min=1, help="Incremental requests a minute.")] = 10,
) -> None:
    """Serve a simulator until Ctrl-C; prints its address and credentials as name=value lines."""
    given: Options = {
        "tickets": tickets,
        "bugs": bugs,
        "seed": seed,
        "faults": _faults(faults),
        "data": data,
        "incremental_per_minute": rate,
    }
    if kind not in SIMULATORS:
        known = ", ".join(sorted(SIMULATORS))
        raise Invalid(f"There is no simulator “{kind}”; known: {known}.")
    app, credentials = SIMULATORS[kind](**given)
    with serve(app, port) as base_url:
        for name, value in {"base_url": base_url, **credentials}.items():
            say(f"{name}={value}")
        _wait()


def _faults(spec: str | None) -> str | None:
    try:
        parse_faults(spec or "")
    except ValueError as error:
        raise Invalid(str(error)) from None
    return spec


def _wait() -> None:
    """Return when somebody presses Ctrl-C or asks the process to end."""
    ended = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    while not ended.wait(0.5):
        pass
