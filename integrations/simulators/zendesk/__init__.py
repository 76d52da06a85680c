"""A simulated Zendesk account."""
