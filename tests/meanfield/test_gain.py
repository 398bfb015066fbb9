"""The gains, against closed forms and against what torch says."""

from __future__ import annotations

import math

import pytest
from mpmath import mp

from actcli.activations.registry import catalogue
from actcli.errors import ActcliError, UsageError
from actcli.find import find
from actcli.meanfield.gain import gain, notes
from actcli.meanfield.moments import jumps
from actcli.reports.gain import GainReport
from tests.present import present


def test_relu() -> None:
    found = gain(find("relu"))
    assert found.mean == pytest.approx(1 / math.sqrt(2 * math.pi), rel=1e-14)
    assert found.variance == pytest.approx(0.5 - 0.5 / math.pi, rel=1e-14)
    assert found.forward_gain == pytest.approx(math.sqrt(2), rel=1e-14)
    assert found.backward_gain == pytest.approx(math.sqrt(2), rel=1e-14)
    assert found.standard_gain == pytest.approx(math.sqrt(2 / (1 - 1 / math.pi)), rel=1e-14)


@pytest.mark.parametrize("q", [1e-300, 1e-3, 1.0, 4.0, 1e6])
@pytest.mark.parametrize(
    ("name", "expected"),
    [("relu", math.sqrt(2)), ("identity", 1.0), ("leaky_relu", math.sqrt(2 / (1 + 0.01**2)))],
)
def test_what_scales_with_its_input_has_one_forward_gain(
    name: str, expected: float, q: float
) -> None:
    assert gain(find(name), q).forward_gain == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("name", ["tanh", "gelu", "step", "x*tanh(x)", "cos"])
@pytest.mark.parametrize("q", [0.25, 4.0])
def test_the_forward_gain_keeps_the_variance_of_the_inputs(name: str, q: float) -> None:
    found = gain(find(name), q)
    kept = present(found.forward_gain) ** 2 * present(found.second_moment)
    assert kept == pytest.approx(q, rel=1e-14)


def test_tanh_is_not_five_thirds() -> None:
    assert gain(find("tanh")).forward_gain == pytest.approx(1.59253742, abs=5e-9)


def test_selu_keeps_mean_0_and_variance_1() -> None:
    found = gain(find("selu"))
    assert found.mean == pytest.approx(0, abs=1e-14)
    assert found.second_moment == pytest.approx(1, rel=1e-14)
    assert found.second_moment_derivative == pytest.approx(1.071574992456, abs=1e-12)


@pytest.mark.parametrize("q", [1e-6, 1.0, 1e4])
def test_elu_and_celu_are_one_function(q: float) -> None:
    (elu,), (celu,) = (GainReport(gain(find(name), q)).rows() for name in ("elu", "celu"))
    for key in elu.keys() - {"activation", "torch_gain"}:
        assert celu[key] == pytest.approx(elu[key], rel=1e-15), key


@pytest.mark.parametrize("q", [1e-6, 1e-3, 1.0, 100.0])
def test_the_variance_does_not_cancel(q: float) -> None:
    assert gain(find("sigmoid"), q * 1e-3).variance == pytest.approx(
        present(gain(find("tanh"), q * 1e-3 / 4).second_moment) / 4, rel=1e-11
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("identity", 1.0),
        ("sigmoid", 1.0),
        ("tanh", 5 / 3),
        ("relu", math.sqrt(2)),
        ("leaky_relu", math.sqrt(2 / (1 + 0.01**2))),
        ("leaky_relu:negative_slope=0.2", math.sqrt(2 / (1 + 0.2**2))),
        ("selu", 0.75),
        *((name, None) for name in ("gelu", "silu", "mish", "elu", "x*tanh(x)")),
    ],
)
def test_what_torch_says(name: str, expected: float | None) -> None:
    assert gain(find(name)).torch_gain == expected


def test_a_jump_has_no_backward_gain() -> None:
    found = gain(find("step"), q=4.0)
    assert found.mean == pytest.approx(0.5, rel=1e-15)
    assert found.second_moment == pytest.approx(0.5, rel=1e-15)
    assert found.mean_derivative == pytest.approx(1 / math.sqrt(8 * math.pi), rel=1e-14)
    assert found.second_moment_derivative is None
    assert found.backward_gain is None
    assert "step jumps at x = 0" in next(notes(find("step"), 4.0))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("relu", ()),
        ("hardsigmoid", ()),
        ("triangle", ()),
        ("hardshrink", (-0.5, 0.5)),
        ("thresholded_relu", (1.0,)),
        ("where(x > 3, x, 0)", (3.0,)),
    ],
)
def test_jumps(name: str, expected: tuple[float, ...]) -> None:
    assert jumps(find(name), 1.0) == expected


def test_what_would_be_infinite_is_none() -> None:
    found = gain(find("0*x + 3"))
    assert (found.standard_gain, found.backward_gain) == (None, None)


@pytest.mark.parametrize(
    ("name", "q"),
    [("exp(x)", 1e4), ("exp(x*x)", 1.0), ("1/x", 1.0), ("tan(x)", 1.0), ("abs(x - 1)**-0.5", 1.0)],
)
def test_infinite_moments_are_refused(name: str, q: float) -> None:
    with pytest.raises(ActcliError, match=r"E f\^2 of .* (is infinite|overflows)"):
        gain(find(name), q)


def test_a_slope_that_is_infinite_leaves_the_rest() -> None:
    found = gain(find("sqrt(abs(x))"), 2.0)
    assert found.second_moment == pytest.approx(math.sqrt(4 / math.pi), rel=1e-13)
    assert (found.mean_derivative, found.backward_gain) == (0, None)


def test_what_may_be_anything_is_not_0() -> None:
    """The moments of a power so high are beyond all doubles: no enclosure of them tells a digit."""
    found = gain(find("x**9**9"), effort=0.5)
    assert not found.proved
    assert found.mean is found.second_moment is found.variance is None
    assert found.mean_derivative is found.second_moment_derivative is None


@pytest.mark.parametrize("name", ["abs(sin(x))**0.5", "log(abs(x))", "x*sin(1/x)"])
def test_a_slope_whose_square_has_no_mean(name: str) -> None:
    found = gain(find(name))
    assert (found.second_moment_derivative, found.backward_gain) == (None, None)
    assert math.isfinite(present(found.second_moment))


def test_the_mean_of_a_slope_that_has_no_mean_square() -> None:
    with mp.workdps(30):
        exact = mp.quad(lambda t: mp.npdf(1 + t * t) - mp.npdf(1 - t * t), [0, 1, 2, 4, 8, 16])
    assert gain(find("sqrt(abs(x - 1))")).mean_derivative == pytest.approx(exact, rel=1e-13)


def test_what_cannot_be_enclosed_is_open() -> None:
    found = gain(find("abs(3*x - 1)**0.5"))
    assert not found.proved
    assert (found.second_moment_derivative, found.backward_gain) == (None, None)
    assert any(part.low <= 1 / 3 <= part.high for part in found.open)
    assert "not decided from 0.333333333333" in GainReport(found).sentences()[1]


def test_of_an_open_number_the_certain_digits_are_given() -> None:
    # E f' = E x f, by quadrature with the singular place taken out by t**2
    found = gain(find("abs(3*x - 1)**0.5")).mean_derivative
    with mp.workdps(30):
        exact = mp.quad(
            lambda t: sum(s * mp.npdf((1 + s * t * t) / 3) for s in (1, -1)), [0, 1, 2, 4, 8]
        )
    assert found is not None
    assert found == pytest.approx(exact, abs=10.0 ** (2 - len(repr(abs(found)))))


def test_fine_waves_have_the_mean_of_one_cell() -> None:
    found = gain(find("sin(1e6*x)"))
    assert found.proved
    assert (found.mean, found.second_moment, found.mean_derivative) == (0, 0.5, 0)
    assert found.second_moment_derivative == 5e11


@pytest.mark.parametrize("name", ["sqrt(x)", "sqrt(-1 - x**2)"])
def test_a_function_without_values_is_refused(name: str) -> None:
    with pytest.raises(ActcliError, match="has no value at -"):
        gain(find(name))


@pytest.mark.parametrize("q", [0.0, -1.0, math.inf, math.nan])
def test_a_variance_is_positive(q: float) -> None:
    with pytest.raises(UsageError):
        gain(find("relu"), q)


def test_the_whole_catalogue_has_gains() -> None:
    for cls in catalogue().values():
        gain(cls(), 1.25)


def test_a_mean_that_is_roundoff_is_0() -> None:
    assert gain(find("x**60")).mean_derivative == 0
