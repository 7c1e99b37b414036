"""The section on latent space."""
