"""Training: the loop, and where it runs."""
