"""One file a data set, called as the data set is: it declares a `RECIPE`. Its identity is a line of `vae_core.identities`."""
