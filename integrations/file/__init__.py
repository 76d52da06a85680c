"""Bugs or customers from a CSV or JSON Lines file, for those who have no connector to theirs."""

from integrations.file.fetch import File
from integrations.file.preview import Preview

__all__ = ["File", "Preview"]
