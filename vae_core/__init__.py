"""Latent-variable models (PCA, autoencoders, VAEs) with the exact answer beside the learned one."""
