import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actcli.analysis.pieces import pieces, resolved_pieces
from actcli.errors import CrowdedError
from actcli.names import find
from actcli.numeric.floats import LARGEST, step


def bump(x):
    e = np.exp(-2 * np.abs(x))
    return 4 * e / (1 + e) ** 2


def silu_slope(x):
    e = np.exp(-np.abs(x))
    s = np.where(x >= 0, 1, e) / (1 + e)
    return s * (1 + x * (1 - s))


def test_a_monotone_function_is_one_piece():
    whole = pieces(np.arctan)
    assert (whole.low.tolist(), whole.high.tolist()) == ([-LARGEST], [LARGEST])


def test_a_symmetric_bump_turns_at_its_centre():
    assert pieces(bump).turns() == (0.0,)


@pytest.mark.parametrize("scale", [1e-300, 1e-20, 1.0, 1e20, 1e300])
def test_bumps_are_found_at_every_scale(scale):
    (at,) = pieces(lambda x: bump(x / scale - 1)).turns()
    assert at == pytest.approx(scale, rel=1e-7)


def test_extrema_of_a_smooth_function():
    low, high = pieces(silu_slope).turns()
    assert low == pytest.approx(-2.3993572805154, rel=1e-7)
    assert high == pytest.approx(2.3993572805154, rel=1e-7)


def test_roundoff_is_not_structure():
    def noisy(x):
        return 1 + np.sin(x.view(np.int64) % 1000) * 2.0**-51

    assert pieces(noisy).turns() == ()
    assert pieces(lambda x: bump(x) + noisy(x)).turns() == pytest.approx([0.0], abs=1e-7)


def test_kinks_part_and_are_not_asked_for():
    found = pieces(lambda x: np.where(x == 1, np.nan, np.sign(x - 1)), kinks=(1.0,))
    assert found.low.tolist() == [-LARGEST, step(1.0)]
    assert found.high.tolist() == [step(1.0, -1), LARGEST]
    assert found.turns() == ()


def test_structure_close_to_a_kink():
    def tooth(x):
        return np.where(x > 3, bump((x - 3) * 1e9 - 1), 0)

    (at,) = pieces(tooth, kinks=(3.0,)).turns()
    assert at == pytest.approx(3 + 1e-9, rel=1e-15)


def test_nan_is_left_out_to_the_last_double():
    found = pieces(lambda x: np.sqrt(x - 3) * (7 - x))
    assert found.low[0] == 3
    assert found.turns() == (pytest.approx(13 / 3, rel=1e-7),)
    assert pieces(lambda x: np.full_like(x, np.nan)).low.size == 0


def test_infinite_values_are_values():
    assert pieces(np.exp).turns() == ()
    assert pieces(np.square).turns() == (0.0,)
    assert pieces(lambda x: 1 / np.abs(x), kinks=(0.0,)).turns() == ()


def test_a_window_is_closed_and_sampled_densely():
    found = pieces(np.cos, window=(100.0, 130.0))
    assert (found.low[0], found.high[-1]) == (100.0, 130.0)
    assert found.turns() == pytest.approx([k * math.pi for k in range(32, 42)], rel=1e-9)


def test_further_samples_find_what_is_narrow():
    def spike(x):
        return bump((x - 5.4321) * 1e12)

    assert pieces(spike).turns() == ()
    (at,) = pieces(spike, samples=np.array([5.4321 + 1e-13])).turns()
    assert at == pytest.approx(5.4321, rel=1e-15)


# sin(log(abs(x))) turns 926 times, of which two lie on subnormals right beside the pole.
@pytest.mark.parametrize(
    ("text", "turns"),
    [("sin(1000*tanh(x))", 636), ("log(exp(x) - 1) - x", None), ("sin(log(abs(x)))", 924)],
)
def test_many_turns_are_all_found(text, turns):
    f = find(text)
    found = resolved_pieces(f.value, f.kinks).turns()
    assert turns is None or len(found) == turns


@pytest.mark.parametrize(
    ("text", "window", "where"),
    [
        ("sin(1/x)", None, "near 0"),
        ("x**3*sin(1/x)", None, "near 0"),
        ("relu(x)*sin(1/x)", None, "from 6.95e-309 to "),
        ("sin(1/(x - 3))", None, "near 3"),
        ("sin(exp(x))", (-30.0, 30.0), "from "),
        ("sin(1e6*x)", (-1.0, 1.0), "from "),
    ],
)
def test_turns_without_end_are_not_cut_short(text, window, where):
    f = find(text)
    with pytest.raises(CrowdedError, match=f"turns too often {where}"):
        resolved_pieces(f.sampled.derivative, f.kinks, window)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=5, unique=True))
def test_a_polynomial_turns_between_its_roots(zeros):
    zeros = sorted(round(z, 1) for z in set(zeros))
    zeros = [z for i, z in enumerate(zeros) if i == 0 or z - zeros[i - 1] > 0.05]

    def polynomial(x):
        return math.prod(x - z for z in zeros)

    extrema = pieces(polynomial).turns()
    assert all(a < x < b for (a, b), x in zip(pairwise(zeros), extrema, strict=True))
