"""The gradient through time."""

from __future__ import annotations

import math
from functools import cache

import mpmath
import numpy as np
import pytest
from scipy.special import stdtrit

from actcli.errors import ActcliError, UsageError
from actcli.find import find
from actcli.meanfield.cells import CELLS
from actcli.meanfield.recurrent import MOST_FRESH, Recurrent, fresh_width, kept, recurrent
from actcli.meanfield.simulate import Simulation
from actcli.numeric.arrays import Array

TRIALS = 12
PLAN = Simulation(width=256, trials=TRIALS, seed=3)
BARS = -float(stdtrit(TRIALS - 1, 5e-6))
"""Error bars of the mean of so many cells that it leaves once in 100,000 times."""


def found(cell: str, steps: int, **options: float) -> Recurrent:
    return recurrent(find("tanh"), cell, steps, plan=PLAN, **options)


def within(exact: float | None, simulated: float | None, error: float | None) -> bool:
    """Whether it lies within the error bars, or there are none."""
    assert exact is not None
    assert simulated is not None
    return error is None or abs(simulated - exact) <= BARS * error + 1e-9 * exact


def test_the_plain_cell_keeps_chi_1() -> None:
    """A network with the same weights in every step goes by the theory for sqrt(width) steps."""
    for step in found("rnn", 12, sigma_w=1.2, sigma_b=0.5).steps:
        assert within(step.gradient_exact, step.gradient, step.gradient_error)


@pytest.mark.parametrize(
    ("name", "sigma_w", "sigma_b"),
    [
        ("tanh", 1.0, 0.0),  # the variance goes to 0, but as 1/t
        ("tanh", 1.0, 0.5),
        ("tanh", 1.5, 0.1),
        ("relu", math.sqrt(2), 0.0),
        ("gelu", 1.4, 0.3),
        ("sigmoid", 3.0, 0.2),
        ("x*tanh(x)", 0.9, 0.2),
    ],
)
def test_with_fresh_weights_the_exact_curve_lies_within_the_error_bars(
    name: str, sigma_w: float, sigma_b: float
) -> None:
    plan = Simulation(width=128, trials=TRIALS)
    for step in recurrent(find(name), "rnn", 60, sigma_w=sigma_w, sigma_b=sigma_b, plan=plan).steps:
        assert within(step.gradient_exact, step.gradient_fresh, step.gradient_fresh_error)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("bias", [0.0, 1.0, 5.0])
@pytest.mark.parametrize("sigma_b", [0.0, 0.3, 1.0])
def test_with_fresh_weights_gates_keep_what_independent_ones_do(
    cell: str, bias: float, sigma_b: float
) -> None:
    plan = Simulation(width=128, trials=TRIALS)
    for step in recurrent(find("tanh"), cell, 30, bias=bias, sigma_b=sigma_b, plan=plan).steps:
        assert within(step.gradient_exact, step.gradient_fresh, step.gradient_fresh_error)


def test_a_mean_that_few_units_carry_has_no_error() -> None:
    steps = recurrent(find("tanh"), "gru", 100, bias=1.0, sigma_b=1.0).steps
    assert steps[0].gradient_fresh_error is not None
    assert steps[-1].gradient_fresh_error is None


@pytest.mark.parametrize(("bias", "share"), [(1.0, 2.5e-14), (5.0, 0.51)])
def test_gates_at_rest(bias: float, share: float) -> None:
    plan = Simulation(width=8, trials=2)  # all cells are alike without weights
    last = recurrent(find("tanh"), "lstm", 100, bias=bias, sigma_w=0.0, plan=plan).steps[-1]
    assert last.gradient_exact == pytest.approx(share, rel=0.02)
    assert last.gradient == pytest.approx(last.gradient_exact, rel=1e-9)


@pytest.mark.parametrize(("bias", "steps"), [(0.0, 1.0), (1.0, 2.2), (5.0, 103)])
def test_half_lives(bias: float, steps: float) -> None:
    assert found("gru", 2, bias=bias).half_life == pytest.approx(steps, rel=0.01)


@pytest.mark.parametrize("bias", [-3.0, 0.0, 5.0])
@pytest.mark.parametrize("variances", [[0.0], [0.25], [4.0, 0.25], [0.1] * 4, [900.0, 1.0]])
def test_what_gates_keep_is_the_integral(bias: float, variances: list[float]) -> None:
    def gate(z: mpmath.mpf, variance: float) -> mpmath.mpf:
        return 1 / (1 + mpmath.exp(-bias - math.sqrt(variance) * z))

    @cache
    def mean_square(*steps: float) -> mpmath.mpf:
        def integrand(z: mpmath.mpf) -> mpmath.mpf:
            return mpmath.npdf(z) * mpmath.fprod(gate(z, v) ** 2 for v in steps)

        return mpmath.quad(integrand, [n / 2 for n in range(-32, 33)], method="gauss-legendre")

    independent, alike = kept(bias, np.array(variances))
    apart = sum(mpmath.log(mean_square(v)) / 2 for v in variances)
    assert independent[-1] == pytest.approx(float(apart), abs=1e-11)
    assert alike[-1] == pytest.approx(float(mpmath.log(mean_square(*variances)) / 2), abs=1e-11)
    assert len(independent) == len(alike) == len(variances)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("bias", [0.0, 1.0, 5.0])
def test_a_path_lies_between_gates_that_are_independent_and_alike(cell: str, bias: float) -> None:
    for step in recurrent(find("tanh"), cell, 60, bias=bias).steps:
        assert step.path is not None
        assert step.path_error is not None
        assert step.path_independent is not None
        assert step.path_alike is not None
        room = 3 * step.path_error + 1e-9 * step.path
        assert step.path_independent - room <= step.path <= step.path_alike + room


def test_what_is_left_is_known_far_below_the_square_root_of_the_least_double() -> None:
    plan = Simulation(width=8, trials=2)
    last = recurrent(find("tanh"), "gru", 1000, bias=0.0, sigma_w=0.0, plan=plan).steps[-1]
    for size in (last.gradient, last.path, last.gradient_exact, last.path_alike):
        assert size == pytest.approx(2.0**-1000, rel=1e-9)


def test_there_may_be_nothing_left() -> None:
    last = found("rnn", 3, sigma_w=0.0).steps[-1]
    assert last.gradient == last.gradient_exact == 0


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("name", ["tanh", "gelu"])
def test_backward_is_the_derivative_of_forward(cell: str, name: str) -> None:
    layout, width, step = CELLS[cell], 5, 1e-6
    random = np.random.default_rng(0)
    weights = random.standard_normal((layout.gates * width, width))
    added = random.standard_normal(layout.gates * width)
    state, up = random.standard_normal((2, layout.parts, width))

    def outcome(at: Array) -> float:
        return float(np.sum(up * layout.cell(find(name), weights, added, at).state))

    down = layout.cell(find(name), weights, added, state).back(up)
    for place in np.ndindex(state.shape):
        bump = np.zeros_like(state)
        bump[place] = step
        difference = (outcome(state + bump) - outcome(state - bump)) / (2 * step)
        assert down[place] == pytest.approx(difference, abs=1e-8)


def test_saturated_gates_are_where_the_memory_is() -> None:
    assert found("lstm", 3, bias=9.0, sigma_w=0.0).gates_saturated == 1
    assert found("lstm", 3, bias=1.0, sigma_w=0.0).gates_saturated == 0


@pytest.mark.parametrize("bias", [0.0, 1.0, -3.0])
def test_a_gate_is_saturated_below_the_slope_of_the_sigmoid(bias: float) -> None:
    """Without weights all gates are at the bias, where the slope is 1/(2 cosh(bias/2))^2."""
    slope = float(1 / (2 * mpmath.cosh(bias / 2)) ** 2)
    for eps, share in ((slope * (1 - 1e-12), 0), (slope * (1 + 1e-12), 1)):
        assert found("gru", 2, bias=bias, sigma_w=0.0, eps=eps).gates_saturated == share


def test_one_cell_has_no_standard_error() -> None:
    for cell in CELLS:
        for step in recurrent(find("tanh"), cell, 2, plan=Simulation(width=8, trials=1)).steps:
            assert step.gradient is not None
            assert (step.gradient_error, step.path_error) == (None, None)


def test_cells_with_fresh_weights_are_sixteen_times_as_wide_as_they_are_followed() -> None:
    assert [fresh_width(128, steps) for steps in (1, 8, 9, 10)] == [128, 128, 144, 160]
    assert fresh_width(128, MOST_FRESH) == MOST_FRESH


def test_refusals() -> None:
    with pytest.raises(UsageError, match="cell must be"):
        recurrent(find("tanh"), "nosuch", 3)
    with pytest.raises(UsageError, match="steps"):
        recurrent(find("tanh"), "rnn", 0)
    with pytest.raises(ActcliError, match="jumps"):
        recurrent(find("step"), "rnn", 3)
    with pytest.raises(ActcliError, match="overflows"):
        recurrent(find("relu"), "rnn", 500, sigma_w=9.0, plan=Simulation(width=8))
