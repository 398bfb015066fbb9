"""Summaries: every count is numpy's, every enclosure holds, and no grouping shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ml_dtypes
import mpmath
import numpy as np
import pytest

from actcli.find import find
from actcli.networks.inspection.graph.places import Place
from actcli.networks.inspection.results import inspection
from actcli.networks.inspection.summaries.drift import drift
from actcli.networks.inspection.summaries.overflow import TYPES
from actcli.networks.inspection.summaries.quantiles import quantiles
from actcli.networks.inspection.summaries.summary import Summary, merged
from actcli.networks.inspection.summaries.tally import Tally
from actcli.networks.inspection.watching import Lens, looked_through

rng = np.random.default_rng(3)

FUNCTIONS = (
    "relu",
    "relu6",
    "tanh",
    "gelu",
    "hardswish",
    "leaky_relu",
    "sin",
    "square",
    "x*tanh(x)",
)


def drawn() -> dict[str, np.ndarray]:
    size = 5000
    normal = rng.standard_normal(size)
    infinite = normal.astype(np.float32)
    infinite[:40], infinite[40:90] = np.inf, -np.inf
    return {
        "normal": normal.astype(np.float32),
        "doubles": normal * 3,
        "halves": (4 * normal).astype(np.float16),
        "heavy tails": rng.standard_cauchy(size).astype(np.float32),
        "wide": (np.exp(60 * normal) * np.sign(normal)),
        "constant": np.full(size, 0.3, np.float32),
        "zeros": np.where(normal > 0, normal, 0).astype(np.float32),
        "subnormal": (normal * 1e-40).astype(np.float32),
        "tiny doubles": normal * 1e-300,
        "huge doubles": normal * 1e300,
        "infinite": infinite,
        "kinks": rng.integers(-4, 8, size).astype(np.float32),
    }


DRAWN = drawn()


def summary(values: np.ndarray, name: str = "relu", units: int | None = None) -> Summary:
    tally = Tally(*looked_through(find(name), Lens(units=units)))
    tally.add(values)
    return tally.summary()


def parts(values: np.ndarray, name: str, chunks: int) -> Iterator[Summary]:
    return (summary(chunk, name) for chunk in np.array_split(values, chunks))


def plain(one: Summary) -> list[Any]:
    """All that a summary holds, to be compared to the last bit."""
    return [
        *(one.counts.tobytes(), one.nan, one.infinite, one.zeros, one.total, one.squares),
        *(array.tobytes() for array in vars(one.units).values()),
        *(one.lost.tobytes(), one.rank, one.cells.tobytes()),
    ]


@pytest.mark.parametrize("name", DRAWN)
def test_quantiles_are_enclosed(name: str) -> None:
    values = DRAWN[name]
    for one in quantiles(summary(values)):
        true = float(np.quantile(values.astype(float), one.level, method="inverted_cdf"))
        assert one.low <= true <= one.high
        if np.isfinite(true) and abs(true) > 1e-37 and "huge" not in name and "wide" not in name:
            assert one.high - one.low <= abs(true) / 127


@pytest.mark.parametrize("first", DRAWN)
def test_ks_lies_within_its_error(first: str) -> None:
    for second in DRAWN:
        one, other = DRAWN[first].astype(float), DRAWN[second].astype(float)
        found = drift(summary(DRAWN[first]), summary(DRAWN[second]))
        places = np.unique(np.concatenate([one, other]))
        shares = [np.searchsorted(np.sort(x), places, side="right") / len(x) for x in (one, other)]
        true = np.abs(shares[0] - shares[1]).max()
        assert found is not None
        assert found.ks - 1e-12 <= true <= found.ks + found.ks_error + 1e-12


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("name", DRAWN)
def test_counts_are_numpys(name: str, function: str) -> None:
    values = DRAWN[name].reshape(-1, 50)
    found = summary(values, function)
    x = values.astype(float)
    activation = find(function)
    slope = np.abs(activation.derivative(x))
    finite = x[np.isfinite(x)]
    assert found.count == x.size
    assert found.infinite == np.isinf(x).sum()
    assert found.zeros == (x == 0).sum()
    assert (found.low, found.high) == (x.min(), x.max())
    assert found.units.low.tolist() == x.min(axis=0).tolist()
    assert found.mean == pytest.approx(finite.mean(), rel=1e-11, abs=0)
    if "huge" not in name and "wide" not in name:
        assert found.std == pytest.approx(finite.std(), rel=1e-8, abs=1e-300 * (finite.std() > 0))
    if not looked_through(activation, Lens())[0].kinks:  # at a kink |f'| is small on one side alone
        assert found.units.saturated.tolist() == (slope < 1e-3).sum(axis=0).tolist()
    if name not in ("wide", "heavy tails", "huge doubles", "infinite") or function == "relu":
        assert found.units.flat.tolist() == (slope == 0).sum(axis=0).tolist()
    mean = looked_through(activation, Lens())[1].mean(found)
    if np.isfinite(slope).all():
        assert mean.low <= slope.mean() * (1 + 1e-12)
        assert slope.mean() * (1 - 1e-12) <= mean.high
    if function in ("relu", "relu6", "leaky_relu"):
        assert mean.low == mean.high


def test_saturated_is_what_lies_in_the_open_ranges() -> None:
    x = np.array([[-1, -0.0, 0, 3, 6, 7]], np.float32)
    assert summary(x, "relu6").units.saturated.tolist() == [1, 0, 0, 0, 0, 1]
    assert summary(x, "relu6").units.flat.tolist() == [1, 1, 1, 0, 1, 1]


def test_an_edge_between_two_numbers_of_float32_divides_them() -> None:
    edge = 4.146774726248896
    for kind in (np.float32, np.float64):
        x = np.array([[edge, np.nextafter(kind(edge), kind(9)), np.nextafter(kind(edge), kind(0))]])
        x = x.astype(kind)
        with mpmath.workdps(60):
            true = [1 - mpmath.tanh(float(value)) ** 2 < 1e-3 for value in x[0]]
        assert summary(x, "tanh").units.saturated.tolist() == true


@pytest.mark.parametrize("name", DRAWN)
def test_what_small_types_lose_is_what_their_own_rounding_loses(name: str) -> None:
    values = DRAWN[name]
    with np.errstate(over="ignore"):
        single = values.astype(np.float32)  # from doubles ml_dtypes would round twice
    edges = np.array([x for one in TYPES for x in (one.least_lost, one.most_zero)], np.float32)
    edges = np.concatenate([edges, np.nextafter(edges, 0), np.nextafter(edges, np.inf)])
    finite = np.concatenate([single[np.isfinite(single)], edges, -edges], dtype=np.float32)
    found = summary(finite)
    for one, (over, zero) in zip(TYPES, found.lost.tolist(), strict=True):
        kind = np.float16 if one.name == "float16" else getattr(ml_dtypes, one.name)
        with np.errstate(all="ignore"):
            cast = finite.astype(kind).astype(float)
        assert over == (~np.isfinite(cast)).sum()
        assert zero == ((cast == 0) & (finite != 0)).sum()


@pytest.mark.parametrize("shape", [(5000,), (1000, 5), (100, 10, 5), (50, 5, 4, 5)])
@pytest.mark.parametrize("name", DRAWN)
def test_no_grouping_shows(name: str, shape: tuple[int, ...]) -> None:
    values = DRAWN[name].reshape(shape)
    whole = plain(summary(values, "tanh"))
    for chunks in (2, 37):
        assert plain(merged(parts(values, "tanh", chunks))) == whole
    assert plain(merged(reversed([*parts(values, "tanh", 7)]))) == whole


def test_units_before_a_part_are_neither_dead_nor_saturated_in_it() -> None:
    tally = Tally(*looked_through(find("relu"), Lens(units=0)))
    tally.add(np.array([[-1.0, -2.0], [3.0, 4.0]]), start=2)
    found = inspection(Place("p", find("relu")), tally.summary(), Lens())
    assert (found.units, found.dead_units, found.saturated_units) == (4, [2], [2])


def test_nan_is_counted_and_kept_out_of_all_else() -> None:
    x = np.array([[np.nan, 1.0], [-2.0, np.inf], [-1.0, 3.0]], np.float32)
    found = summary(x)
    assert (found.count, found.nan, found.infinite, found.mean) == (6, 1, 1, 0.25)
    assert (found.units.low.tolist(), found.units.high.tolist()) == ([-2, 1], [-1, np.inf])
    assert found.units.flat.tolist() == [2, 0]


@pytest.mark.parametrize(("shape", "units"), [((6, 4), 4), ((2, 3, 4), 4), ((2, 3, 4, 5), 3)])
def test_units_are_channels_or_the_last_axis(shape: tuple[int, ...], units: int) -> None:
    assert len(summary(np.ones(shape)).units.count) == units
    assert len(summary(np.ones(shape), units=0).units.count) == shape[0]
