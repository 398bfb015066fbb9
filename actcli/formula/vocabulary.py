"""The names of the formula language: what a word means, and what a wrong one was meant to be."""

from __future__ import annotations

from actcli.activations import registry
from actcli.activations.registry import Named
from actcli.formula.primitives import CHOICES, FUNCTIONS

_ELSEWHERE = {
    "ln": "log",
    "fabs": "abs",
    "maximum": "max",
    "minimum": "min",
    "pow": "a**b",
    "power": "a**b",
    "mod": "a % b",
    "fmod": "a % b",
    "log2": "log(x)/log(2)",
    "log10": "log(x)/log(10)",
    "exp2": "2**x",
    "ceil": "-floor(-x)",
    "round": "floor(x + 0.5)",
    "square": "x**2",
    "clip": "min(max(x, low), high)",
    "clamp": "min(max(x, low), high)",
    "normcdf": "norm_cdf",
    "ndtr": "norm_cdf",
    "phi": "norm_cdf",
}
"""What other languages call something that is written differently here."""


def named_activation(name: str) -> type[Named] | None:
    """The catalogue's class of this name or alias."""
    return registry.lookup(name)


def about_function(name: str) -> str:
    """What to say of a call of something unknown."""
    if hint := _ELSEWHERE.get(name.lower()):
        return f"{name} is not known here; write {hint}"
    from difflib import get_close_matches

    primitives = get_close_matches(name.lower(), [*FUNCTIONS, *CHOICES], n=2)
    near = list(dict.fromkeys([*primitives, *registry.suggestions(name)]))[:3]
    if near:
        return f"there is no function {name}; did you mean {' or '.join(near)}?"
    known = ", ".join([*FUNCTIONS, *CHOICES])
    return f"there is no function {name}; there are {known}, and all that 'actcli list' shows"


def about_name(name: str) -> str:
    """What to say of an unknown word that is not called."""
    if name in FUNCTIONS or name in CHOICES or registry.lookup(name):
        return f"{name} is a function; write {name}(x)"
    if name.lower() in ("inf", "infinity", "nan"):
        return f"{name} is not a finite number"
    if name == "X" or len(name) == 1:
        return f"{name} is not known; the variable is x, the constants are pi and e"
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), [*FUNCTIONS, *CHOICES, "pi"], n=1)
    near = near or registry.suggestions(name)[:1]
    if near and near[0] != "pi":
        return f"{name} is not known; did you mean {near[0]}(x)?"
    return f"{name} is not known; the variable is x, the constants are pi and e"
