"""The section on a person's own images."""
