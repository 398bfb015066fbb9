"""The formats: one module each, turning a `Reply` into the document that is written."""
