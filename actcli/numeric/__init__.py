"""Functions of plain floats and arrays of floats; they know no activation."""
