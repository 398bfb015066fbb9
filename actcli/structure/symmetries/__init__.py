"""What is so all over the line: symmetry, period, one way, one value; what is beyond a window."""
