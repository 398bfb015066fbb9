"""What the keys of a result mean, by the docstrings of its type, or the same as anywhere."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Any

SHARED: Mapping[str, str] = {
    "activation": "The function, as `find` reads it.",
    "eps": "The threshold of saturation: saturated is where |f'| < eps.",
    "family": "Of the catalogue; null for a formula.",
    "formula": "The definition, in the formula language.",
    "high": "The upper end; null where the interval is open, at +infinity.",
    "inputs": "How many random inputs were tried.",
    "intercept": "Of the line: its height at 0.",
    "layer": "Its number, from 1.",
    "low": "The lower end; null where the interval is open, at -infinity.",
    "multiply_adds_after": "Multiply-adds for one input, of the fold.",
    "multiply_adds_before": "Multiply-adds for one input, of the layers.",
    "notes": "What has to be said beside it, in sentences.",
    "parameters_after": "How many numbers the fold holds.",
    "parameters_before": "How many numbers the layers hold.",
    "params": "The values of the parameters, by name.",
    "period": "In the unit of x; null where f does not repeat.",
    "reference": "The paper or framework it comes from; null for a formula.",
    "seed": "Of the random numbers.",
    "sigma_b": "Biases, or the noise of a step, have variance sigma_b^2.",
    "sigma_w": "Weights have variance sigma_w^2/width.",
    "slope": "Of the line: its rise for each unit of x.",
    "summary": "What it is, in one line; null for a formula.",
    "trials": "How many random networks.",
    "width": "Units of a layer.",
    "window": "The closed interval of x that was looked at; null where that is the whole line.",
    "x": "Where it is, in the unit of x.",
}
"""For keys that a type says nothing of its own about."""


def meaning(cls: type, key: str) -> str:
    """What a key of a result of this type means.

    Raises:
        KeyError: nothing is said of it anywhere.
    """
    text = _documented(cls).get(key) or SHARED[key]
    return " ".join(text.split())


def summary(cls: type) -> str:
    """What a result of this type is: the first paragraph of its docstring."""
    return " ".join((inspect.getdoc(cls) or "").partition("\n\n")[0].split())


@cache
def _documented(cls: type) -> Mapping[str, str]:
    """The docstrings that follow the fields of a class and of those that it extends."""
    found: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        if base.__module__.startswith("actcli."):
            found.update(_below_fields(ast.parse(textwrap.dedent(inspect.getsource(base)))))
    return found


def _below_fields(tree: Any) -> Iterator[tuple[str, str]]:
    body = tree.body[0].body
    for one, after in pairwise(body):
        match one, after:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str() as text)),
            ):
                yield name, text
