"""A propagation in words, in rows and as a chart."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from actcli.charts.model import Chart
from actcli.meanfield.moments import undecided
from actcli.meanfield.propagate import Propagation
from actcli.meanfield.simulate import Measured
from actcli.numeric.display import short
from actcli.reports.explained import DEPTH, Explained
from actcli.reports.steps_chart import Followed, steps_chart
from actcli.results import Row

_KEPT = 1e-6
"""A gradient that changes by less in all layers together keeps its size."""

_NOTHING = 1e-100
"""A factor at a q* of 0 that stands for 0."""

_FELT = 0.01
"""A way to the fixed point that changes the gradient by more is said."""


class PropagationReport(Explained[Propagation]):
    """A row for each layer, below the verdict."""

    words = DEPTH

    said = ("activation",)

    def rows(self) -> Iterator[Row]:
        """One row a layer; what was measured stands behind."""
        found = self.result
        for at, layer in enumerate(found.layers):
            measured = found.simulation.row(at) if found.simulation else {}
            yield {"activation": found.activation, **vars(layer), **measured}

    def shown(self) -> Iterator[Row]:
        """Some of the layers; where there are measurements, they and what they are to confirm."""
        found = self.result
        if found.simulation:
            return iter(self.read([*_beside(found, found.simulation)]))
        rows = ({key: row[key] for key in row if key != "dead"} for row in self.rows())
        return iter(self.read([*rows]))

    def sentences(self) -> Sequence[str]:
        """The verdict, where the variance goes, and what is left behind the last layer."""
        found = self.result
        open_ = [f"chi_1 and chi_q: {undecided(found.open)}."] if found.open else []
        return [*_sentences(found), *open_]


def chart(answers: Sequence[Propagation]) -> Chart:
    """Gradient and variance against depth, side by side for all functions."""
    labels = {"gradient": "gradient", "q": "variance q"}
    return steps_chart(
        [Followed(one.activation, one.layers, labels) for one in answers],
        at="layer",
        title="Signal and gradient",
        x_label="layer",
    )


def _beside(answer: Propagation, simulation: Measured) -> Iterator[Row]:
    """The rows of a simulated network: theory, and beside it what was measured."""
    for theory, beside in zip(answer.layers, simulation.layers, strict=True):
        yield {
            "layer": theory.layer,
            "q": theory.q,
            "q_simulated": measured(beside.q, beside.q_error),
            "correlation": theory.correlation,
            "correlation_simulated": measured(beside.correlation, beside.correlation_error),
            "gradient": theory.gradient,
            "gradient_simulated": measured(beside.gradient, beside.gradient_error),
        }


def measured(value: float | None, error: float | None) -> str:
    """As many digits as the error leaves, of which it has one, after a 1 or 2 two."""
    if value is None:
        return "-"
    if not (value and error):
        return f"{short(value)}"
    shown = 2 if f"{error:e}"[0] in "12" else 1
    digits = max(1, shown + math.floor(math.log10(abs(value))) - math.floor(math.log10(error)))
    return f"{value:#.{digits}g}+-{error:#.{shown}g}"


def _meaning(answer: Propagation) -> str:
    """What the verdict means, in words that what follows does not belie.

    The verdict is about networks without end; over these layers the way from q0 may outweigh it.
    """
    factor = answer.layers[0].gradient
    if answer.verdict == "critical":
        if abs(factor - 1) < _KEPT:
            return "gradients keep their size"
        only = ", and only where the variance is q*" if answer.stable is False else ""
        return f"gradients keep their size to leading order{only}"
    where = "in the last layer" if answer.q_star is None else "at q*"
    rate = f"each layer multiplies gradients by {short(math.sqrt(answer.chi_1))}"
    if answer.verdict == "ordered":
        if factor < 1:
            what = "signals" if answer.q_star == 0 else "inputs become alike"
            return f"{what} and gradients vanish"
        what = "signals vanish" if answer.q_star == 0 else "inputs become alike"
        return f"{what}; {where} {rate}"
    grow = "small differences between inputs grow"
    return f"gradients explode, and {grow}" if factor > 1 else f"{grow}; {where} {rate}"


def _sentences(answer: Propagation) -> Iterator[str]:
    init = f"{answer.init} initialisation, " if answer.init else ""
    sigmas = f"sigma_w = {short(answer.sigma_w)}, sigma_b = {short(answer.sigma_b)}"
    yield f"{answer.activation} ({init}{sigmas}): {answer.verdict}: {_meaning(answer)}."
    yield _where_it_goes(answer)
    first, last = answer.layers[0], answer.layers[-1]
    yield (
        f"The gradient at layer 1 is {_share_of(first.gradient)} that behind layer {last.layer}"
        f"{_way(answer)}."
    )
    if last.correlation is not None:
        yield (
            f"Two inputs with correlation {short(answer.c0)} at layer 1 have "
            f"{short(last.correlation)} at layer {last.layer}."
        )
    yield (
        f"At layer {last.layer}, {last.saturated:.1%} of the pre-activations are saturated "
        f"(|f'| < {answer.eps:g}), {last.zero_slope:.1%} have slope 0."
    )
    if answer.simulation:
        s = answer.simulation
        yield (
            f"Simulated beside it: {s.trials} networks of width {s.width}, seed {s.seed}; "
            "error is the standard error of the mean."
        )


def _way(answer: Propagation) -> str:
    """What the gradient owes to the way from q0 to the fixed point, where that is felt."""
    factor, layers = answer.layers[0].gradient, len(answer.layers)
    if answer.q_star is None or not (0 < factor < math.inf and answer.chi_1 > _NOTHING):
        return ""
    settled = layers / 2 * math.log(answer.chi_1)
    way = math.log(factor) - settled
    if abs(way) < _FELT:
        return ""
    change = "costs" if way < 0 else "gains"
    start, size = f"from q0 = {short(answer.q0)} the", f"{change} a factor of {_power(abs(way))}"
    if answer.verdict == "critical" and answer.stable is False:
        return (
            f": a critical network keeps its size at q*; {start} variance leaves it, which {size}"
        )
    transient = f"{start} transient {size}"
    if answer.verdict == "critical":
        return f": a critical network keeps its size to leading order; {transient}"
    return f": at q* alone it would be {_power(settled)} times; {transient}"


def _power(log: float) -> str:
    """Exp of a number, which may be beyond the doubles."""
    exponent = log / math.log(10)
    if abs(exponent) < 300:
        return f"{math.exp(log):.3g}"
    return f"1e{exponent:+.0f}"


def _where_it_goes(answer: Propagation) -> str:
    if answer.q_star is None:
        return (
            "The variance has no fixed point and grows without bound; in the last layer "
            f"chi_1 = {short(answer.chi_1)}."
        )
    kind = {
        True: "a stable fixed point",
        False: "an unstable fixed point: variances near it leave it",
        None: "a fixed point that neither attracts nor repels",
    }[answer.stable]
    scales = [
        f"{what} over {scale:.3g} layers"
        for what, scale in (
            ("the variance settles", answer.depth_scale_q),
            ("a difference between inputs fades", answer.depth_scale_c if answer.q_star else None),
        )
        if scale is not None
    ]
    return (
        f"q* = {short(answer.q_star)}, {kind}; chi_1 = {short(answer.chi_1)}, "
        f"chi_q = {short(answer.chi_q)}"
        f"{'; ' + ', '.join(scales) if scales else ''}."
    )


def _share_of(factor: float) -> str:
    if abs(factor - 1) < 1e-6:
        return "as large as"
    if math.isinf(factor):
        return "more than 1e308 times"
    digits = 3 if abs(factor - 1) > _FELT else 7
    return f"{factor:.{digits}g} of" if factor < 1 else f"{factor:.{digits}g} times"
