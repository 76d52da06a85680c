"""`serve` and `demo`: everything at one address."""

from importlib import import_module
from typing import Annotated

import typer

from app.cli.opening import read_settings

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")]


def add_to(program: typer.Typer) -> None:
    """Add these commands."""
    program.command()(serve)
    program.command()(demo)


def serve(*, host: Host = "127.0.0.1", port: Port = 8400) -> None:
    """Serve the pages, the API, the live stream and the scheduled jobs."""
    # Loaded only here: the other commands need no web framework.
    code = import_module("app.main").serve(read_settings(), host, port)
    raise typer.Exit(code)


def demo(
    *,
    port: Port = 8400,
    days: Annotated[int, typer.Option(min=1, max=14, help="The sprint's day to begin on.")] = 6,
    speed: Annotated[float, typer.Option(min=0, help="Simulated hours a minute.")] = 1.0,
    fresh: Annotated[bool, typer.Option(help="Begin anew instead of going on.")] = False,
) -> None:
    """Show a whole sprint with simulated customers, without any account anywhere."""
    code = import_module("app.demo").run(port=port, days=days, speed=speed, fresh=fresh)
    raise typer.Exit(code or 0)
