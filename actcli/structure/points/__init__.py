"""What a function does at single places: branch points, zeros, limits, ends of the domain."""
