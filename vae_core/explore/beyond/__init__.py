"""What the section beyond the plain VAE asks: models that are told labels, and small working models of systems that the decks show."""
