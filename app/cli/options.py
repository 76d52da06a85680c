"""Options as given on the command line: plain ones as they are, secrets from elsewhere."""

import sys
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import typer

from app.actions.connect import option_names
from app.cli.opening import environment
from app.core.errors import Invalid

WAYS = "@env:VARIABLE, @file:PATH, or - for standard input"


def read_secret(name: str, given: str) -> str:
    """Read a secret from where `given` says it is; a literal one is refused and not repeated."""
    if given.startswith("@env:"):
        value = environment().get(given.removeprefix("@env:"), "")
        absent = f"The environment variable {given.removeprefix('@env:')} is not set"
    elif given.startswith("@file:"):
        value = _from_file(given.removeprefix("@file:"))
        absent = f"The file {given.removeprefix('@file:')} is empty"
    elif given == "-":
        value = sys.stdin.readline().rstrip("\r\n")
        absent = "Nothing came from standard input"
    else:
        raise Invalid(f"Secrets never stand on the command line: give {name} as {WAYS}.")
    if not value:
        raise Invalid(f"{absent}, but {name} should come from there.")
    return value


Choice = TypeVar("Choice", bound=StrEnum)


def one_of(kind: type[Choice]) -> Callable[[str], Choice]:
    """Return what reads one of these words; another one is wrong usage, said in a sentence."""

    def read(text: str) -> Choice:
        try:
            return kind(text)
        except ValueError:
            raise typer.BadParameter(f"“{text}” is none of {', '.join(kind)}.") from None

    return read


def pairs(given: Sequence[str], option: str) -> dict[str, str]:
    """Cut `name=value` texts; something without a name is wrong usage."""
    found: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not (name.strip() and equals):
            raise typer.BadParameter("write name=value", param_hint=option)
        if name.strip() in found:
            raise Invalid(f"The option {name.strip()} is given twice.")
        found[name.strip()] = value
    return found


def plain_options(kind: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return options that may be shown; a secret among them is refused by its name."""
    _, secret = option_names(kind)
    for name in given:
        if name in secret:
            raise Invalid(f"{name} is a secret: give it as --secret {name}=@env:VARIABLE.")
    return dict(given)


def secret_options(kind: str, given: Mapping[str, str]) -> dict[str, str]:
    """Read secrets from where they are; an option that is none is refused by its name."""
    plain, _ = option_names(kind)
    for name in given:
        if name in plain:
            raise Invalid(f"{name} is not a secret: give it as --set {name}=VALUE.")
    return {name: read_secret(name, value) for name, value in given.items()}


def _from_file(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip("\r\n")
    except OSError as error:
        raise Invalid(f"The file {path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Invalid(f"The file {path} is not UTF-8 text.") from None
