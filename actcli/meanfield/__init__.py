"""What random networks do to signals and gradients: moments, gains, depth, time."""
