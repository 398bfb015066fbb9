"""Softmax and its kin against mpmath, which knows nothing of decimals and sorting."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import mpmath
import pytest
from mpmath import mp, mpf

from actcli.errors import UsageError
from actcli.functions.output_layer.softmax import KINDS, MOST_CLASSES, softmax
from tests.present import present

INF = math.inf
VECTORS = [
    [1.0, 2.0, 3.0],
    [0.0],
    [0.0] * 5,
    [-3.0, 0.5, 0.5, 0.25, 7.0],
    [1e308, -1e308],
    [1e308, 1e308, 9.99e307],
    [1.7976931348623157e308, -1.7976931348623157e308, 0.0],
    [-INF, 1.0, -INF, 1.5],
    [0.0, 40.0],
    [0.0, 300.0, 740.0],
    [5e-324, 0.0],
    [1.0, 1.0 + 2**-52],
    [0.3 * k for k in range(30)],
    [0.0, -1.0],
    [0.0, -2.0 + 2**-50, -0.5],
]
TEMPERATURES = [1.0, 0.1, 3.7, 1e300, 1e-300]


@pytest.fixture(autouse=True)
def _precise() -> Any:
    with mp.workdps(700):
        yield


def threshold(z: list[mpf], kind: str) -> mpf:
    """The tau above which the heights, or their squares, come to 1; the largest of z is 0.

    By Newton's method from below, which never oversteps, for what they come to is convex in tau.
    """
    tau = mpf(-1)
    while True:
        heights = [
            max(x - tau, mpf(0)) if kind == "sparsemax" else max(x / 2 - tau, mpf(0)) for x in z
        ]
        if kind == "sparsemax":
            excess, rate = mpmath.fsum(heights) - 1, mpf(sum(h > 0 for h in heights))
        else:
            excess, rate = mpmath.fsum(h**2 for h in heights) - 1, 2 * mpmath.fsum(heights)
        if excess <= rate * mpf(10) ** -690:
            return tau
        tau += excess / rate


def probabilities(logits: list[float], kind: str, temperature: float) -> list[mpf]:
    """To as many digits as there are."""
    sign = -1 if kind == "softmin" else 1
    finite = [sign * mpf(z) / mpf(temperature) for z in logits if z != -INF]
    top = max(finite)
    z = [mpf("-inf") if x == -INF else sign * mpf(x) / mpf(temperature) - top for x in logits]
    if kind not in ("sparsemax", "entmax15"):
        weights = [mpf(0) if x == mpf("-inf") else mpmath.exp(x) for x in z]
        return [w / mpmath.fsum(weights) for w in weights]
    tau = threshold([x for x in z if x != mpf("-inf")], kind)
    scale = 1 if kind == "sparsemax" else 2
    power = 1 if kind == "sparsemax" else 2
    heights = [mpf(0) if x == mpf("-inf") else max(x / scale - tau, mpf(0)) for x in z]
    return [h**power if h > mpf(10) ** -600 else mpf(0) for h in heights]


def jacobian(p: list[mpf], kind: str, temperature: float) -> list[list[mpf]]:
    """From p alone, as the papers write it."""
    n, one = range(len(p)), mpf(1)
    sign = -1 if kind == "softmin" else 1
    weights = {
        "sparsemax": [one if x else mpf(0) for x in p],
        "entmax15": [mpmath.sqrt(x) for x in p],
    }.get(kind, p)
    whole = mpmath.fsum(weights)
    first = [one for _ in p] if kind == "log_softmax" else weights
    return [
        [sign * first[i] * ((i == j) - weights[j] / whole) / mpf(temperature) for j in n] for i in n
    ]


def close(found: float, true: mpf) -> bool:
    if abs(true) >= mpf(2) ** 1024:
        return not math.isfinite(found)
    return bool(abs(mpf(found) - true) <= 4 * mpf(math.ulp(float(true))))


@pytest.mark.parametrize("temperature", TEMPERATURES)
@pytest.mark.parametrize("logits", VECTORS, ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_every_entry_is_within_4_ulp(kind: str, logits: list[float], temperature: float) -> None:
    if kind == "softmin" and -INF in logits:
        pytest.skip("refused")
    answer = softmax(logits, kind, temperature=temperature)
    p = probabilities(logits, kind, temperature)
    assert all(map(close, answer.probabilities, p))
    for found, true in zip(answer.log_probabilities, p, strict=True):
        assert close(-INF if found is None else found, mpmath.log(true) if true else mpf("-1e999"))
    assert close(answer.entropy, mpmath.fsum(-x * mpmath.log(x) for x in p if x))
    assert answer.jacobian is not None
    for found_row, row in zip(answer.jacobian, jacobian(p, kind, temperature), strict=True):
        assert all(map(close, found_row, row))


@pytest.mark.parametrize("temperature", TEMPERATURES)
@pytest.mark.parametrize("logits", VECTORS, ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_rows_sum_to_0_or_to_less_than_an_ulp(
    kind: str, logits: list[float], temperature: float
) -> None:
    if kind == "softmin" and -INF in logits:
        pytest.skip("refused")
    answer = softmax(logits, kind, temperature=temperature)
    assert answer.jacobian is not None
    for row in answer.jacobian:
        sizes = sorted(abs(entry) for entry in row if entry)
        near = all(b < 4 * a for a, b in pairwise(sizes))
        if near:
            assert math.fsum(row) == 0
        else:
            assert abs(math.fsum(row)) < math.ulp(max(map(abs, row)))


@pytest.mark.parametrize("kind", KINDS)
def test_the_jacobian_is_the_derivative(kind: str) -> None:
    """Differences of mpmath's probabilities, which no formula of a Jacobian has seen."""
    logits, step = [0.25, 0.5, 0.125], 2.0**-40
    answer = softmax(logits, kind, temperature=2.0)
    assert answer.jacobian is not None
    for j in range(3):
        moved = [z + step * (i == j) for i, z in enumerate(logits)]
        before, after = (probabilities(z, kind, 2.0) for z in (logits, moved))
        for i in range(3):
            change = after[i] - before[i]
            if kind == "log_softmax":
                change = mpmath.log(after[i]) - mpmath.log(before[i])
            assert abs(change / step - answer.jacobian[i][j]) < 1e-11


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("loss", [0, 1])
def test_the_gradients_are_those_of_the_losses(kind: str, loss: int) -> None:
    logits, step = [0.3, 0.5, 0.1, 0.4], 1e-6
    answer = softmax(logits, kind, temperature=1.5, target=2)
    assert (answer.losses[loss].name, answer.loss) == (
        ("cross_entropy", "hinge")[loss],
        answer.losses[0],
    )
    gradient = answer.losses[loss].gradient
    assert gradient is not None
    for j in range(4):
        above, below = (
            softmax(
                [z + side * step * (i == j) for i, z in enumerate(logits)],
                kind,
                temperature=1.5,
                target=2,
            )
            .losses[loss]
            .value
            for side in (1, -1)
        )
        assert above is not None
        assert below is not None
        assert gradient[j] == pytest.approx((above - below) / (2 * step), abs=1e-8)


def test_cross_entropy_has_the_gradient_p_minus_y() -> None:
    answer = softmax([1.0, 2.0, 3.0], target=1)
    assert answer.loss is not None
    assert answer.loss.gradient == pytest.approx(
        [answer.probabilities[0], answer.probabilities[1] - 1, answer.probabilities[2]], rel=1e-15
    )
    assert math.fsum(present(answer.loss.gradient)) == 0


def test_hinge_by_hand() -> None:
    hinge = softmax([1.0, 2.0, 3.0, 0.0], target=1, loss="hinge").loss
    assert hinge == ("hinge", 2.0, [0.0, -1.0, 1.0, 0.0])


def test_a_target_without_probability() -> None:
    answer = softmax([0.0, 5.0], "sparsemax", target=0)
    assert answer.loss == ("cross_entropy", None, None)
    masked = softmax([-INF, 5.0], target=0)
    assert masked.loss is not None
    assert (masked.loss.value, masked.losses[1].value) == (None, None)


@pytest.mark.parametrize("eps", [1e-3, 0.1, 0.2, 1e-12, 1e-300, 0.24999999])
@pytest.mark.parametrize("temperature", [1.0, 0.5])
@pytest.mark.parametrize("n", [2, 3, 10, 1000])
@pytest.mark.parametrize("kind", ["softmax", "entmax15"])
def test_the_gap_is_where_the_largest_entry_is_eps(
    kind: str, n: int, temperature: float, eps: float
) -> None:
    """On both sides of the gap, half an ulp away, the Jacobian is on both sides of eps."""
    found = softmax([0.0] * n, kind, temperature=temperature, eps=eps).saturation
    assert found.gap is not None

    def largest(gap: mpf) -> mpf:
        if kind == "softmax":
            p = 1 / (1 + (n - 1) * mpmath.exp(-gap / temperature))
            return p * (1 - p) / temperature
        h = gap / (2 * mpf(temperature))
        # s - v = h and s^2 + (n - 1) v^2 = 1
        v = (-h + mpmath.sqrt(h * h - n * (h * h - 1))) / n
        s = v + h
        return (n - 1) * s * v / (s + (n - 1) * v) / temperature

    half = mpf(math.ulp(found.gap)) / 2
    if found.gap == 0:
        assert max(largest(mpf(k) / 1000) for k in range(2000)) < eps
    else:
        below = largest(mpf(found.gap) - half * mpf("1.0001"))
        gap = mpf(found.gap) + half * mpf("1.0001")
        above = largest(gap) if kind == "softmax" or gap < 2 * temperature else 0
        assert above < eps < below


@pytest.mark.parametrize(
    ("kind", "n", "eps", "gap"),
    [
        ("softmax", 2, 0.25, 0.0),
        ("softmax", 2, 0.3, 0.0),
        ("softmax", 1, 0.0, 0.0),
        ("softmax", 3, 0.0, None),
        ("log_softmax", 3, 1e-3, None),
        ("log_softmax", 3, 1.0, 0.0),
        ("sparsemax", 3, 1e-3, 1.0),
        ("sparsemax", 3, 0.0, 1.0),
        ("sparsemax", 3, 0.7, 0.0),
        ("entmax15", 3, 0.0, 2.0),
        ("entmax15", 3, 1.0, 0.0),
    ],
)
def test_gaps_by_hand(kind: str, n: int, eps: float, gap: float | None) -> None:
    assert softmax([0.0] * n, kind, eps=eps).saturation.gap == gap


def test_of_many_classes_there_is_no_jacobian() -> None:
    assert softmax([0.0] * (MOST_CLASSES + 1)).jacobian is None


@pytest.mark.parametrize(
    ("logits", "options", "message"),
    [
        ([], {}, "no logit"),
        ([math.nan], {}, "finite number"),
        ([INF, 1.0], {}, "finite number"),
        ([-INF, -INF], {}, "all classes are masked"),
        ([-INF, 1.0], {"kind": "softmin"}, "takes no -inf"),
        ([1.0], {"temperature": 0.0}, "temperature"),
        ([1.0], {"temperature": -1.0}, "temperature"),
        ([1.0], {"target": 1}, "target must be from 0 to 0"),
        ([1.0], {"eps": -1.0}, "eps"),
        ([1.0], {"kind": "nosuch"}, "kind"),
        ([1.0], {"loss": "nosuch"}, "loss"),
    ],
)
def test_refusals(logits: list[float], options: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        softmax(logits, **options)
