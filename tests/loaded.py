"""Processes of their own that begin with the product loaded: to load it takes seconds."""

import multiprocessing
import os
from collections.abc import Callable, Mapping
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from app.cli import main

LOADED = ["app.main", "app.cli.serving", "tests.jobs.worker"]
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(LOADED)
pipe = _context.Pipe


def started(act: Callable[..., Any], *given: Any) -> BaseProcess:
    """Start an act in a process of its own, which dies with this one at the latest."""
    process = _context.Process(target=act, args=given, daemon=True)
    process.start()
    return process


def command(words: list[str], env: Mapping[str, str], folder: Path) -> None:
    """Be the product's command, silent, with this environment alone, in this folder."""
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    raise SystemExit(main(words))
