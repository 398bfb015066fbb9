"""ONNX models: checked, read into linear runs, and written with the folds in them."""
