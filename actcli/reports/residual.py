"""The growth of a residual stream in words, in rows and as a chart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actcli.charts.model import Chart
from actcli.meanfield.residual import Residual
from actcli.numeric.display import short
from actcli.reports.explained import RESIDUAL, Explained
from actcli.reports.propagate import measured
from actcli.reports.steps_chart import Followed, steps_chart
from actcli.results import Row

_KEYS = ("stream", "correlation", "gradient")

_GROWTH = {
    "exponential": "grows exponentially with depth in the end",
    "polynomial": "grows, but not exponentially, with depth",
    None: "grows with depth",
}


class ResidualReport(Explained[Residual]):
    """A row for each layer, the input being layer 0, below how much all of them add."""

    words = RESIDUAL

    def rows(self) -> Iterator[Row]:
        """One row a layer; what was measured stands behind."""
        found = self.result
        for at, layer in enumerate(found.layers):
            beside: Row = {}
            if found.simulation:
                values = vars(found.simulation.layers[at])
                beside = {
                    f"{key}_{what}": values[key if what == "simulated" else f"{key}_error"]
                    for key in _KEYS
                    for what in ("simulated", "error")
                }
            yield {"activation": found.activation, **vars(layer), **beside}

    def shown(self) -> Iterator[Row]:
        """Some of the layers; where there are measurements, each beside the theory."""
        for row in self.read([*self.rows()]):
            shown = {
                key: row[key] for key in ("layer", "stream", "mean", "correlation", "gradient")
            }
            if self.result.simulation is None:
                yield shown
                continue
            yield {"layer": row["layer"]} | {
                name: value
                for key in _KEYS
                for name, value in (
                    (key, row[key]),
                    (f"{key}_simulated", measured(row[f"{key}_simulated"], row[f"{key}_error"])),
                )
            }

    def sentences(self) -> Sequence[str]:
        """How the stream grows, what becomes of the gradient, and which alpha tames it."""
        return list(_sentences(self.result))


def _sentences(found: Residual) -> Iterator[str]:
    sign, size = "-" if found.alpha < 0 else "+", abs(found.alpha)
    factor = "" if size == 1 else f"{short(size)}*"
    branch = f"x {sign} {factor}{_called(found)}"
    init = f"{found.init} initialisation, " if found.init else ""
    last, first = found.layers[-1], found.layers[0]
    yield (
        f"{branch} ({init}sigma_w = {short(found.sigma_w)}, sigma_b = {short(found.sigma_b)}): "
        f"the stream {_GROWTH[found.growth]}."
    )
    yield (
        f"Its mean square is {short(first.stream)} at the input and {short(last.stream)} behind "
        f"layer {last.layer}; the last layer multiplies it by {short(found.factor)}."
    )
    yield f"The gradient at the input is {short(first.gradient)} times that behind the last layer."
    yield (
        f"Two inputs with correlation {short(found.c0)} have {short(last.correlation)} behind "
        f"layer {last.layer}."
    )
    yield (
        f"With alpha = 1/sqrt({last.layer}) = {short(last.layer**-0.5)} the mean square would end "
        f"at {short(found.tamed)}."
    )
    if found.simulation:
        s = found.simulation
        yield (
            f"Simulated beside it: {s.trials} networks of width {s.width}, seed {s.seed}; "
            "error is the standard error of the mean."
        )


def _called(found: Residual) -> str:
    """The function, of its pre-activations."""
    inner = "W x + b" if found.sigma_b else "W x"
    is_name = found.activation != found.formula
    return f"{found.activation}({inner})" if is_name else f"f({inner}), f = {found.activation}"


def chart(answers: Sequence[Residual]) -> Chart:
    """The mean square of the stream, and the gradient, against depth; simulated beside exact."""
    followed = []
    for one in answers:
        labels = {"stream": "mean square of the stream", "gradient": "gradient"}
        followed.append(Followed(one.activation, one.layers, labels))
        if one.simulation:
            simulated = {"stream": "the stream simulated"}
            followed.append(Followed(one.activation, one.simulation.layers, simulated))
    return steps_chart(followed, at="layer", title="Residual stream", x_label="layer")
