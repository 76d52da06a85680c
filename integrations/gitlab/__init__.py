"""GitLab: so far only its webhooks are understood."""
