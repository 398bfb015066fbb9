"""The activations of an ONNX graph: found, named, and their values made available."""
