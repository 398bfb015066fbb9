"""Rectified functions: near 0 or a small slope on the left, near x on the right."""
