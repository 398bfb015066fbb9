"""Choosing functions of the catalogue by what is true of them."""
