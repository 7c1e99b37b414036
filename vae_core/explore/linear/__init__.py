"""What the linear models are: PCA derived on points, PCA of images, and the linear autoencoder that becomes PCA."""
