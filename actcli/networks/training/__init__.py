"""Training small dense networks with any activation, and what becomes of their units."""
