"""A second opinion on what is true of a formula, sharing no line of code with the program.

The text is read by Python's own parser and evaluated as Taylor series over Arb balls; a window is
halved until every box has a sign, and what the program says is held against that.
"""
