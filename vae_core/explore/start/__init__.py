"""The section that one begins with."""
