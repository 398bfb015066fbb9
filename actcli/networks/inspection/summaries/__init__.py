"""What is kept of values: counts, exact sums, extremes; and what follows from them."""
