"""The section on models and their training."""
