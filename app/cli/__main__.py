"""Lets `python -m app.cli` do what `bugsprint` does."""

import sys

from app.cli import main

sys.exit(main())
