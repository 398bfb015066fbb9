"""Every gradient against differences of the stated losses in sixty digits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from mpmath import mp, mpf

from actcli.activations.base import Activation
from actcli.activations.registry import catalogue
from actcli.find import find
from actcli.formula.parse import parse
from actcli.networks.training.loss import cross_entropy, half_squared_error
from actcli.networks.training.network import DenseNetwork, backward, forward
from actcli.networks.training.slopes import by_parameter
from tests.exact_duals import ALGEBRA

STEP = mpf(10) ** -20
X = np.array([[0.7], [-0.4]])
TARGETS = {"classes": np.array([1.0, 0.0]), "regression": np.array([0.3, -0.8])}
LOSSES = {"classes": cross_entropy, "regression": half_squared_error}

Arrays = list[Any]


def network(activation: Activation, outputs: int) -> DenseNetwork:
    rng = np.random.default_rng(5)
    sizes = [(2, 1), (2, 2), (outputs, 2)]
    weights = [rng.uniform(0.3, 0.9, size) * rng.choice([-1, 1], size) for size in sizes]
    return DenseNetwork(weights, [rng.uniform(0.1, 0.5, size[0]) for size in sizes], activation)


def exact_loss(task: str, arrays: Arrays, activation: Activation, params: Mapping[str, mpf]) -> mpf:
    """The loss as the documentation states it, from mpf weights and parameters."""
    program = parse(activation.formula, tuple(params))
    duals = {name: (value, mpf(0)) for name, value in params.items()}
    total = mpf(0)
    for point, target in zip(X.tolist(), TARGETS[task].tolist(), strict=True):
        signal: Sequence[mpf] = [mpf(value) for value in point]
        for place in range(0, len(arrays), 2):
            if place:
                signal = [program.walk(ALGEBRA, (z, mpf(0)), duals)[0] for z in signal]
            weight, bias = arrays[place], arrays[place + 1]
            signal = [
                sum((w * s for w, s in zip(row, signal, strict=True)), b)
                for row, b in zip(weight, bias, strict=True)
            ]
        if task == "classes":
            total += mp.log(sum(mp.exp(z) for z in signal)) - signal[int(target)]
        else:
            total += (signal[0] - mpf(target)) ** 2 / 2
    return total / len(X)


def difference(loss: Callable[[], mpf], move: Callable[[mpf], None]) -> float:
    """The central difference of the loss by what `move` moves."""
    move(STEP)
    above = loss()
    move(-2 * STEP)
    below = loss()
    move(STEP)
    return float((above - below) / (2 * STEP))


@pytest.mark.parametrize("task", LOSSES)
@pytest.mark.parametrize("name", [*catalogue(), "x*tanh(x)", "elu(x, alpha=2) - x/3"])
def test_gradients_are_those_of_the_stated_loss(name: str, task: str) -> None:
    activation = find(name)
    net = network(activation, 2 if task == "classes" else 1)
    trace = forward(net, X)
    if not np.isfinite(trace.outputs).all():
        pytest.skip("no value at these pre-activations")
    loss, gradient = LOSSES[task](trace.outputs, TARGETS[task])
    learned = tuple(activation.params)
    gradients, by_name = backward(net, trace, gradient, learned)
    with mp.workdps(60):
        arrays: Arrays = [np.vectorize(mpf, otypes=[object])(array) for array in net.arrays]
        params = {name: mpf(value) for name, value in activation.params.items()}

        def exact() -> mpf:
            return exact_loss(task, arrays, activation, params)

        assert loss == pytest.approx(float(exact()), rel=1e-12)
        for array, found in zip(arrays, gradients, strict=True):
            for index in np.ndindex(array.shape):

                def move(by: mpf, array: Any = array, index: Any = index) -> None:
                    array[index] += by

                expected = difference(exact, move)
                assert found[index] == pytest.approx(expected, rel=1e-8, abs=1e-12)
        for key in learned:

            def turn(by: mpf, key: str = key) -> None:
                params[key] += by

            expected = difference(exact, turn)
            assert by_name[key] == pytest.approx(expected, rel=1e-8, abs=1e-12), key


def test_a_parameter_inside_a_named_function_is_followed() -> None:
    """A formula of the catalogue that hands its parameter on to another function."""

    class Handing(Activation):
        formula = "elu(x, alpha=2*beta)"
        params = {"beta": 0.75}

        def f(self, x: Any) -> Any:
            raise NotImplementedError

        df = f

    x = np.array([-2.0, -0.5, 1.0])
    expected = np.where(x > 0, 0.0, 2 * np.expm1(x))
    assert by_parameter(Handing(), "beta", x) == pytest.approx(expected, rel=1e-15)


def test_dropout_is_in_the_gradient() -> None:
    """With the same masks, a difference of the loss agrees with the gradient."""
    net = network(find("tanh"), 2)

    def loss_at(by: float) -> float:
        net.weights[0][0, 0] += by
        trace = forward(net, X, 0.5, np.random.default_rng(3))
        net.weights[0][0, 0] -= by
        return cross_entropy(trace.outputs, TARGETS["classes"])[0]

    trace = forward(net, X, 0.5, np.random.default_rng(3))
    gradients, _ = backward(net, trace, cross_entropy(trace.outputs, TARGETS["classes"])[1])
    expected = (loss_at(1e-6) - loss_at(-1e-6)) / 2e-6
    assert gradients[0][0, 0] == pytest.approx(expected, rel=1e-7, abs=1e-9)
