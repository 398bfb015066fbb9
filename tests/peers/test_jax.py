"""JAX's activations against our table; Flax takes its own from there."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from actcli.activations.frameworks import FRAMEWORKS
from actcli.activations.registry import Named
from tests.peers.agreement import GRID, Array, Peer, calls, check, check_call, imported, known

jax = imported("jax")


@pytest.fixture(autouse=True)
def double_precision() -> Iterator[None]:
    with jax.enable_x64(True):
        yield


def peer(function: Any) -> Peer:
    def called(x: Array) -> tuple[Array, Array]:
        at = jax.numpy.asarray(x)
        return np.asarray(function(at)), np.asarray(jax.vmap(jax.grad(function))(at))

    return called


@pytest.mark.parametrize("name", FRAMEWORKS["jax"].names)
def test_a_name_means_what_the_table_says(name: str) -> None:
    check("jax", name, peer(getattr(jax.nn, name)))


@pytest.mark.parametrize(("activation", "call"), [*calls("jax"), *calls("flax")])
def test_what_is_called_is_the_function(activation: Named, call: str) -> None:
    flax = imported("flax") if "flax" in call else None
    namespace = {"jax": jax, "flax": flax, "x": jax.numpy.asarray(GRID)}
    if flax is not None:
        imported("flax.nnx")
    found = eval(call, namespace)
    within = 3e-8 if "init=" in call else 1e-14  # a learned slope is in single precision
    check_call(activation, found if "(x" in call else found(namespace["x"]), within)


def test_no_name_is_missing() -> None:
    functions = {name: f for name, f in vars(jax.nn).items() if callable(f) and name[0] != "_"}
    first = {name: next(iter(inspect.signature(f).parameters)) for name, f in functions.items()}
    of_x = {name for name, argument in first.items() if argument in ("x", "a")}
    assert of_x <= known("jax")
    assert {"relu", "gelu", "log1mexp"} <= of_x


@pytest.mark.parametrize("name", FRAMEWORKS["flax"].names)
def test_flax_has_it_from_there(name: str) -> None:
    if name != "PReLU":
        check("flax", name, peer(getattr(jax.nn, name)))


def test_flax() -> None:
    flax = imported("flax.nnx")
    assert {*imported("flax.nnx.nn.activations").__all__} <= known("flax")
    check("flax", "PReLU", peer(flax.PReLU(param_dtype=np.float64)))
