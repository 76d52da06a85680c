"""Every word of the command is known from the start."""

import pytest

from app.cli.program import WORDS


def test_the_help_names_every_word(command):
    shown = command.done("--help")
    listed = {line.split()[0] for line in shown.split("Commands:")[1].splitlines() if line.strip()}
    assert listed >= WORDS.keys()


@pytest.mark.parametrize("word", WORDS)
def test_every_word_explains_itself(command, word):
    assert f"Usage: bugsprint {word}" in command.done(word, "--help")
