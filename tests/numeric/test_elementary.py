"""Every elementary function against mpmath, in ulp, over all the doubles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import mpmath as mp
import numpy as np
import pytest

from actcli.numeric import doubledouble, elementary, exponential, normal
from actcli.numeric.arrays import Array

CEILING = 3.0
LARGEST = np.finfo(np.float64).max
LEAST = 5e-324
POINTS = 200


def kernel(name: str) -> Callable[[Array], Array]:
    """The function of that name, in whichever module it stands."""
    homes = (elementary, normal, exponential)
    found: Callable[[Array], Array] = next(vars(home)[name] for home in homes if name in vars(home))
    return found


def exp(x: mp.mpf) -> mp.mpf:
    """Beyond exp(+-1e5) no double knows the difference, and the digits would take minutes."""
    return mp.exp(min(max(x, -100_000), 100_000))


def log1p_exp(x: mp.mpf) -> mp.mpf:
    return max(x, 0) + mp.log1p(exp(-abs(x)))


def upper_tail(x: mp.mpf) -> mp.mpf:
    return mp.erfc(x / mp.sqrt(2)) / 2


def density(x: mp.mpf) -> mp.mpf:
    return exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def scaled_erfc(x: mp.mpf) -> mp.mpf:
    """Far out by twelve terms, which are 60 digits there (DLMF 7.12.1)."""
    if x < 1000:
        return mp.exp(x * x) * mp.erfc(x)
    terms = (mp.fac2(2 * n - 1) / (-2 * x * x) ** n for n in range(12))
    return sum(terms) / (x * mp.sqrt(mp.pi))


# name: (reference, the ends of the interval where something happens)
FUNCTIONS: dict[str, tuple[Callable[[mp.mpf], mp.mpf], float, float]] = {
    "sigmoid": (lambda x: 1 / (1 + exp(-x)), -747, 747),
    "sigmoid_derivative": (lambda x: 1 / (2 + exp(x) + exp(-x)), -747, 747),
    "softplus": (log1p_exp, -747, 747),
    "log_sigmoid": (lambda x: -log1p_exp(-x), -747, 747),
    "tanh_derivative": (lambda x: mp.sech(x) ** 2, -374, 374),
    "atan_derivative": (lambda x: 1 / (1 + x * x), -1e162, 1e162),
    "exp_minus_square": (lambda x: exp(-x * x), -27.4, 27.4),
    "exp_minus_half_square": (lambda x: exp(-x * x / 2), -38.7, 38.7),
    "erf": (mp.erf, -6.1, 6.1),
    "erf_derivative": (lambda x: 2 / mp.sqrt(mp.pi) * exp(-x * x), -27.4, 27.4),
    "erfc": (mp.erfc, -6.1, 27.3),
    "norm_cdf": (lambda x: upper_tail(-x), -38.7, 8.5),
    "norm_pdf": (density, -38.7, 38.7),
    "scaled_norm_cdf": (lambda x: scaled_erfc(x / mp.sqrt(2)) / 2, 0, 50),
}

LIMITS = {  # at -inf and at +inf; None where the function is not defined
    "sigmoid": (0, 1),
    "sigmoid_derivative": (0, 0),
    "softplus": (0, np.inf),
    "log_sigmoid": (-np.inf, 0),
    "tanh_derivative": (0, 0),
    "atan_derivative": (0, 0),
    "exp_minus_square": (0, 0),
    "exp_minus_half_square": (0, 0),
    "erf": (-1, 1),
    "erf_derivative": (0, 0),
    "erfc": (2, 0),
    "norm_cdf": (0, 1),
    "norm_pdf": (0, 0),
    "scaled_norm_cdf": (None, 0),
}


@pytest.fixture(autouse=True)
def silent() -> Iterator[None]:
    with np.errstate(all="ignore"):
        yield


def exact(function: Callable[..., mp.mpf], *arguments: float) -> mp.mpf:
    """The function with enough digits for arguments of every size."""
    sizes = [abs(np.log10(abs(x))) for x in arguments if x]
    with mp.workdps(50 + int(4.5 * max(sizes, default=0))):
        return +function(*(mp.mpf(float(x)) for x in arguments))


def ulps(got: float, want: mp.mpf) -> float:
    """The distance in units of the last place of `want`; an overflow wants infinity."""
    if abs(want) >= mp.mpf(2) ** 1024:
        return 0.0 if got == mp.sign(want) * mp.inf else np.inf
    exponent = max(mp.frexp(want)[1] - 53, -1074) if want else -1074
    with mp.workdps(50):
        return float(abs(mp.mpf(float(got)) - want) * mp.mpf(2) ** -exponent)


def worst(got: np.ndarray, function: Callable[..., mp.mpf], *arguments: np.ndarray) -> float:
    assert got.dtype == np.float64
    assert got.shape == arguments[0].shape
    return max(ulps(y, exact(function, *xs)) for y, *xs in zip(got, *arguments, strict=True))


def spread(low: float, high: float) -> np.ndarray:
    """Random mantissas in binades of both signs, dense regions, both edges, and special doubles."""
    random = np.random.default_rng(20240229)
    binades = np.ldexp(random.uniform(1, 2, POINTS), random.integers(-1074, 1024, POINTS))
    usual = np.ldexp(random.uniform(1, 2, 2 * POINTS), random.integers(-40, 11, 2 * POINTS))
    special = [0.0, LEAST, 2.2250738585072014e-308, 1.0, 6.0, 55.0, 700.0, 1e17, LARGEST]
    positive = np.concatenate([binades, usual, special])
    edges = [random.normal(edge, 0.03 * abs(edge), POINTS) for edge in (low, high)]
    dense = [random.uniform(low, high, POINTS), random.uniform(-40, 40, 2 * POINTS)]
    x = np.concatenate([positive, -positive, *edges, *dense, random.normal(0, 1, 2 * POINTS)])
    return np.abs(x) if low == 0 else x


@pytest.mark.parametrize("name", FUNCTIONS)
def test_is_exact_to_the_ceiling(name: str) -> None:
    function, low, high = FUNCTIONS[name]
    x = spread(low, high)
    before = x.copy()
    assert worst(kernel(name)(x), function, x) <= CEILING
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_limits_and_nan(name: str) -> None:
    at_left, at_right, at_nan = kernel(name)(np.array([-np.inf, np.inf, np.nan]))
    left, right = LIMITS[name]
    assert left is None or at_left == left
    assert at_right == right
    assert np.isnan(at_nan)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("shape", [(), (0,), (2, 3)])
def test_keeps_the_shape(name: str, shape: tuple[int, ...]) -> None:
    y = kernel(name)(np.full(shape, 0.5))
    assert y.shape == shape
    assert y.dtype == np.float64


def test_erf_keeps_the_sign_of_zero() -> None:
    np.testing.assert_array_equal(np.signbit(normal.erf(np.array([0.0, -0.0]))), [False, True])


def test_pairs_are_their_parts() -> None:
    x = np.append(spread(-747, 747), [np.inf, -np.inf, np.nan])
    cdf, pdf = normal.norm_cdf_and_pdf(x)
    np.testing.assert_array_equal(cdf, normal.norm_cdf(x))
    np.testing.assert_array_equal(pdf, normal.norm_pdf(x))
    softplus, sigmoid = np.empty_like(x), np.empty_like(x)
    elementary.softplus_and_sigmoid(x, softplus, sigmoid)
    np.testing.assert_array_equal(softplus, elementary.softplus(x))
    np.testing.assert_array_equal(sigmoid, elementary.sigmoid(x))


def products(reach: float) -> tuple[np.ndarray, np.ndarray]:
    """Factors of every size and sign, and arguments."""
    random = np.random.default_rng(1)
    m = np.ldexp(random.uniform(-2, 2, 8 * POINTS), random.integers(-1074, 1023, 8 * POINTS))
    return m, random.uniform(-reach, reach, m.size)


def test_scaled_exp() -> None:
    m, x = products(1500)
    assert worst(exponential.scaled_exp(m, x), lambda m, x: m * mp.exp(x), m, x) <= CEILING


def test_scaled_exp_minus_half_square() -> None:
    m, x = products(56)
    got = exponential.scaled_exp_minus_half_square(m, x)
    assert worst(got, lambda m, x: m * mp.exp(-x * x / 2), m, x) <= CEILING


@pytest.mark.parametrize(
    ("m", "x", "want"),
    [
        (np.inf, -np.inf, 0),
        (0.0, np.inf, 0),
        (-1e308, 800, -np.inf),
        (1e-300, 1e300, np.inf),
        (np.nan, 0, np.nan),
        (1, np.nan, np.nan),
    ],
)
def test_scaled_exp_at_the_ends(m: float, x: float, want: float) -> None:
    np.testing.assert_array_equal(exponential.scaled_exp(np.array([m]), np.array([x])), [want])


@pytest.mark.parametrize(
    ("operation", "fraction_of"),
    [
        (doubledouble.two_sum, lambda a, b: a + b),
        (doubledouble.two_product, lambda a, b: a * b),
    ],
)
def test_error_free_transforms(
    operation: Callable[..., tuple[np.ndarray, np.ndarray]],
    fraction_of: Callable[[Fraction, Fraction], Fraction],
) -> None:
    random = np.random.default_rng(2)
    a, b = np.ldexp(random.uniform(-2, 2, (2, POINTS)), random.integers(-200, 200, (2, POINTS)))
    for hi, lo, *ab in zip(*operation(a, b), a, b, strict=True):
        assert Fraction(hi) + Fraction(lo) == fraction_of(*map(Fraction, ab))
        assert hi + lo == hi


def test_times_constant_carries_105_bits() -> None:
    hi, lo = 1.4142135623730951, -9.667293313452913e-17
    x = np.random.default_rng(3).normal(0, 100, POINTS)
    for product, rest, factor in zip(*doubledouble.times_constant(x, hi, lo), x, strict=True):
        with mp.workdps(50):
            want = mp.sqrt(2) * factor
            assert abs(mp.mpf(product) + mp.mpf(rest) - want) <= abs(want) * mp.mpf(2) ** -103


def test_exp_of_a_double_double() -> None:
    random = np.random.default_rng(4)
    hi = random.uniform(-746, 710, 4 * POINTS)
    lo = hi * random.uniform(-(2.0**-53), 2.0**-53, hi.size)
    assert worst(doubledouble.exp_dd(hi, lo), lambda h, t: mp.exp(h + t), hi, lo) <= CEILING
    assert worst(doubledouble.expm1_dd(hi, lo), lambda h, t: mp.expm1(h + t), hi, lo) <= CEILING


def test_exp_dd_ignores_the_low_part_at_the_ends() -> None:
    ends = np.array([-np.inf, -1e300, 1e300, np.inf])
    lost = np.full(4, np.nan)
    np.testing.assert_array_equal(doubledouble.exp_dd(ends, lost), [0, 0, np.inf, np.inf])
    np.testing.assert_array_equal(doubledouble.expm1_dd(ends, lost), [-1, -1, np.inf, np.inf])


def test_exp_to_a_double_double() -> None:
    x = np.random.default_rng(5).uniform(-640, 709, 4 * POINTS)
    for hi, lo, argument in zip(*doubledouble.exp_to_dd(x), x, strict=True):
        with mp.workdps(50):
            want = mp.exp(argument)
            assert abs(mp.mpf(hi) + mp.mpf(lo) - want) <= want * mp.mpf(2) ** -64
            assert hi + lo == hi


@pytest.mark.parametrize(
    ("function", "want"),
    [(doubledouble.exp_dd, mp.exp), (doubledouble.expm1_dd, mp.expm1)],
)
def test_double_exponentials(
    function: Callable[..., np.ndarray], want: Callable[[mp.mpf], mp.mpf]
) -> None:
    x = np.append(spread(-746, 6.7), np.random.default_rng(6).uniform(-5, 6.65, 4 * POINTS))
    x = x[np.abs(x) < 1e4]
    hi, lo = doubledouble.exp_to_dd(x)
    assert worst(function(-hi, -lo), lambda v: want(-mp.exp(v)), x) <= CEILING


def test_double_exponentials_at_infinity() -> None:
    ends = np.array([-np.inf, np.inf, np.nan])
    hi, lo = doubledouble.exp_to_dd(ends)
    np.testing.assert_array_equal(doubledouble.exp_dd(-hi, -lo), [1, 0, np.nan])
