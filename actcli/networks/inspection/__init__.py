"""What the activations of a network do on data: found by value, watched, and summed up."""
