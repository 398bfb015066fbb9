"""One module a question: each takes activations and arrays and returns frozen dataclasses."""
