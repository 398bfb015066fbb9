"""JSON Schema of what is written, and what its keys mean."""
