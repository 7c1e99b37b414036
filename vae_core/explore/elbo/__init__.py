"""What the section on the ELBO asks: every integral of its derivation on one latent dimension, exactly."""
