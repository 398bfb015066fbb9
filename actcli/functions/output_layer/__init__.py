"""The output layer: from logits to probabilities, their gradients and losses."""
