"""Weight files: read into layers, written with the layers that fold replaced."""
