"""What a function does at single places: branch points, zeros, one-sided limits."""
