"""Issues of one or more GitHub repositories, on github.com or an Enterprise Server."""

from integrations.github.fetch import GitHub

__all__ = ["GitHub"]
