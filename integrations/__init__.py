"""Sources of tickets, customers and bugs.  To add one: a folder here, and a line below."""

CONNECTORS = {
    "zendesk": "integrations.zendesk:Zendesk",
    "github": "integrations.github:GitHub",
    "file": "integrations.file:File",
}

HOOKS = {
    kind: f"integrations.{kind}.hooks" for kind in ("zendesk", "github", "jira", "gitlab", "linear")
}
"""The kinds that send webhooks: a module each, which is a Scheme of `integrations.deliveries`."""

# The kinds that can be written to.  Only the outbox's sender makes these.
MESSENGERS = {"zendesk": "integrations.zendesk.push:Messenger"}
