"""Zendesk: tickets, organisations, bugs named in comments, Jira links and ratings."""

from integrations.zendesk.connector import Zendesk

__all__ = ["Zendesk"]
