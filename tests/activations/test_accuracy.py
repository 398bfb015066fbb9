"""Every activation against its own formula at high precision, over all doubles.

The promise: at every finite double the value is within 4 ulp of the exact number that the formula
means there, and the derivative within 8 ulp, next to its roots too. Functions that go on turning
for ever may be as wrong as a neighbouring double makes them (backward error), or a near one where
whole periods fall between neighbours.
"""

from __future__ import annotations
