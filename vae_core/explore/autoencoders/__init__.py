"""The section on autoencoders."""
