"""Values and derivatives of a program: in doubles, with error bounds, in balls."""
