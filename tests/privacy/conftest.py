"""The command and the web application, as their own tests have them."""

from tests.cli.conftest import command, empty_home, on_both
from tests.web.conftest import app, client, clock, demo, look, sample, sign_in, token

__all__ = [
    "app",
    "client",
    "clock",
    "command",
    "demo",
    "empty_home",
    "look",
    "on_both",
    "sample",
    "sign_in",
    "token",
]
