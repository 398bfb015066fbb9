"""One module a command: its result as words, rows, a sheet or a chart."""
