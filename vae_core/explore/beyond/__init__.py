"""What the section beyond the plain VAE asks: small working models of systems that the decks show, each beside an exact answer."""
