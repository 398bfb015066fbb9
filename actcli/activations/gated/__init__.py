"""Gated functions: x times something, mostly between 0 and 1, that depends on x.

Most derivatives have a root at which their terms cancel. The kernels arrange those terms so that
the last sum has x itself, or x + 1, as a summand: it is exact and leaves room for the other.
"""
