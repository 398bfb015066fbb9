"""The difference of two functions as one function, and how far the two are apart."""
