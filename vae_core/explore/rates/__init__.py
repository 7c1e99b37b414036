"""The section on rate and β."""
