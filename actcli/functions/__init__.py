"""One module a question about functions: each takes activations and returns frozen data."""
