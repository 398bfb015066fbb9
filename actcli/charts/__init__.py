"""What a chart is, and how it is drawn in a terminal or as a figure."""
