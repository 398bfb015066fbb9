"""The subcommands: one module each, named as the user types it, holding one `command`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Entry(NamedTuple):
    """What is known of a command before it is imported."""

    summary: str
    reports: Mapping[str, str]
    """What its JSON is called in `actcli schema`: the class in `reports/` of its results."""


CERTIFICATE = {"certificate": "certificate.CertificateReport"}
"""What `--certificate` writes."""

COMMANDS = {
    "list": Entry("List the catalogue: names, formulas, parameters.", {"list": "list.EntryReport"}),
    "info": Entry(
        "Say what is known about a function: range, kinks, asymptotes, roots, its derivative.",
        {"info": "info.FactsReport", **CERTIFICATE},
    ),
    "table": Entry("Tabulate x, f(x) and f'(x).", {"table": "table.SampleReport"}),
    "plot": Entry("Draw f and f' in the terminal, or as a figure.", {"plot": "table.SampleReport"}),
    "saturation": Entry(
        "Find the ranges where a function saturates, to the last bit.",
        {"saturation": "saturation.SaturationReport", **CERTIFICATE},
    ),
    "compare": Entry(
        "Compare functions: their facts side by side, and how far they are apart.",
        {
            "compare": "compare.ComparisonReport",
            "measured": "measured.MeasurementReport",
            **CERTIFICATE,
        },
    ),
    "gain": Entry(
        "Compute the exact gains for initialising weights, forward and backward.",
        {"gain": "gain.GainReport", "gain-certificate": "certificate.GainCertificateReport"},
    ),
    "propagate": Entry(
        "Follow signal and gradient through the layers of a random network.",
        {
            "propagate": "propagate.PropagationReport",
            "recurrent": "recurrent.RecurrentReport",
            "residual": "residual.ResidualReport",
        },
    ),
    "train": Entry(
        "Train small networks and see what an activation makes of them.",
        {"train": "train.TrainingReport"},
    ),
    "inspect": Entry(
        "See what the activations of a network do on data: dead, saturated, drifted.",
        {"inspect": "inspect.InspectionReport"},
    ),
    "collapse": Entry(
        "Fold stacked linear layers into one matrix, and prove it.",
        {"collapse": "collapse.CollapseReport"},
    ),
    "softmax": Entry(
        "Turn logits into probabilities, with gradient, loss and saturation.",
        {"softmax": "softmax.SoftmaxReport"},
    ),
    "schema": Entry("Print the JSON Schema of what a command writes with --json.", {}),
}
"""The table of contents: help, completion and schemas come from it, none by an import."""
