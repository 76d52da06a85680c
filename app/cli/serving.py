"""`serve` and `demo`: everything at one address."""

import signal
import sys
from typing import Annotated

import typer

from app.cli.loading import load
from app.cli.opening import open_desk, read_settings

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")]


def add_to(program: typer.Typer) -> None:
    """Add these commands."""
    program.command()(serve)
    program.command()(demo)


def serve(*, host: Host = "127.0.0.1", port: Port = 8400) -> None:
    """Serve the pages, the API, the live stream and the scheduled jobs."""
    _end_when_asked()
    with open_desk() as desk:
        settings = desk.settings
    # Loaded only here: the other commands need no web framework.
    raise typer.Exit(load("app.main").serve(settings, host, port))


def demo(
    *,
    port: Port = 8400,
    days: Annotated[int, typer.Option(min=7, max=60, help="How long the sprint lasts.")] = 14,
    speed: Annotated[float, typer.Option(min=0, help="How many times faster time goes.")] = 240.0,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin anew.")] = False,
) -> None:
    """Show a whole sprint with simulated customers, without any account anywhere."""
    _end_when_asked()
    read_settings()
    raise typer.Exit(load("app.demo").run(port=port, days=days, speed=speed, fresh=fresh))


def _end_when_asked() -> None:
    # The web server stops by itself and then raises the signal again, for whoever started it.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
