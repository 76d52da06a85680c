"""The command's tree, and the edge at which every error becomes one sentence."""

import logging
import sys
from collections.abc import Sequence

import typer

from app.cli.loading import load
from app.cli.saying import note, sentence

DONE, REFUSED = 0, 1
UNFORESEEN = "Something unforeseen went wrong ({}); set BUGSPRINT_LOG_LEVEL=debug for details."
WORDS = {
    "serve": "serving",
    "demo": "serving",
    "migrate": "copies",
    "backup": "copies",
    "restore": "copies",
    "doctor": "doctor",
    "outbox": "outbox",
    "source": "sources",
    "sync": "syncing",
    "user": "people",
    "token": "people",
    "teams": "people",
    "rank": "ranking",
    "sprint": "sprints",
    "plan": "sprints",
    "report": "reports",
    "export": "exporting",
    "erase": "erasing",
    "about": "erasing",
    "audit": "auditing",
    "rekey": "auditing",
    "simulate": "simulating",
}
"""Each first word and the module that knows it; only that one is loaded, to start quickly."""
log = logging.getLogger("bugsprint.command")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns 0 done, 1 refused or failed, 2 wrong usage."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        program_of(words[:1])(args=words, prog_name="bugsprint")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else DONE
    except Exception as error:  # the edge: a person gets a sentence
        note(sentence(error) or UNFORESEEN.format(type(error).__name__))
        log.debug("The whole story:", exc_info=error)
        return REFUSED
    return DONE


def program_of(first: Sequence[str] = ()) -> typer.Typer:
    """Return the words of the command; with a first word, only those of its module."""
    made = typer.Typer(
        name="bugsprint",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    made.callback()(_about)
    needed = [WORDS[word] for word in first if word in WORDS] or list(dict.fromkeys(WORDS.values()))
    for name in needed:
        load(f"app.cli.{name}").add_to(made)
    return made


def _about() -> None:
    """Run a customer-obsessed sprint: pull tickets and bugs, link, rank, assign, fix, prove."""
