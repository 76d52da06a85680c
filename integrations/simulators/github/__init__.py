"""A simulated GitHub repository."""
