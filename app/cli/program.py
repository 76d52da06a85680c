"""The command's tree, and the edge at which every error becomes one sentence."""

import logging
from collections.abc import Sequence

import typer

from app.cli import (
    copies,
    doctor,
    exporting,
    people,
    ranking,
    reports,
    serving,
    simulating,
    sources,
    sprints,
    syncing,
)
from app.cli.saying import note, sentence

DONE, REFUSED = 0, 1
UNFORESEEN = "Something unforeseen went wrong ({}); set BUGSPRINT_LOG_LEVEL=debug for details."
log = logging.getLogger("bugsprint.command")

program = typer.Typer(
    name="bugsprint",
    help="Run a customer-obsessed sprint: pull tickets and bugs, link, rank, assign, fix, prove.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for module in (serving, copies, doctor, sources, syncing, people, ranking, sprints):
    module.add_to(program)
for module in (reports, exporting, simulating):
    module.add_to(program)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns 0 done, 1 refused or failed, 2 wrong usage."""
    try:
        program(args=arguments, prog_name="bugsprint")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else DONE
    except Exception as error:  # the edge: a person gets a sentence
        note(sentence(error) or UNFORESEEN.format(type(error).__name__))
        log.debug("The whole story:", exc_info=error)
        return REFUSED
    return DONE
