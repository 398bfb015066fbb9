"""Branch and prune: a window cut until every box is decided, and the suprema found with it."""
