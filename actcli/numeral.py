"""Text -> number, wherever a person types one: `0.5`, `1e-3`, `1/3`, `-pi`, `2**-24`, `inf`."""

from __future__ import annotations

import math


def numeral(text: str) -> float:
    """The double nearest to what a decimal or a formula without x stands for; or an infinity.

    Raises:
        ValueError: the text is neither, or too large for a double.
    """
    text = text.strip()
    try:
        value = float(text if text.isascii() and "_" not in text else "")
    except ValueError:
        value = _constant(text)
    if not math.isfinite(value) and "inf" not in text.lower():
        raise ValueError(f"not a finite number: {text}")
    return value


def _constant(text: str) -> float:
    from actcli.errors import UsageError
    from actcli.formula.parse import parse

    try:
        program = parse(text)
    except UsageError as error:
        raise ValueError(str(error)) from None
    if program.varying[-1]:
        raise ValueError(f"not a number but a function: {text}")
    import numpy as np

    from actcli.formula.values.refinement import doubles, exact, refined

    return float(doubles(refined(program, exact(np.zeros(1)), rates=False).value)[0])
