"""What is true of a function, proved by branch and prune over balls."""
