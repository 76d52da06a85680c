"""Sources of tickets, customers and bugs.  To add one: a folder here, and a line below."""

CONNECTORS = {
    "zendesk": "integrations.zendesk:Zendesk",
    "github": "integrations.github:GitHub",
    "file": "integrations.file:File",
}

# The kinds that can be written to.  Only the outbox's sender makes these.
MESSENGERS = {"zendesk": "integrations.zendesk.push:Messenger"}
