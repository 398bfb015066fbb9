"""Nodes that are left of a model, and the time, against the optimisers of ONNX models at hand.

Each is measured on models that the tests build: onnxruntime at its best level without the nodes of
one machine alone; onnxsim and onnxslim where they are installed.
"""

from __future__ import annotations

import contextlib
import io
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import onnx
import onnxruntime

from actcli.networks.files.reading import read
from actcli.networks.files.saving import save
from tests.benchmarks.pairs import Row, in_turns, wall_time
from tests.networks.files import models

MODELS = (
    models.gemm_mlp,
    models.matmul_mlp,
    models.classifier,
    models.branch,
    models.conv_norm_conv,
    models.depthwise,
    models.image_classifier,
)

Optimise = Callable[[Path, Path], None]


@dataclass(frozen=True)
class Left:
    """How many nodes two tools leave."""

    what: str
    ours: int
    theirs: int
    at_most: float = 1.0

    def __str__(self) -> str:
        ratio = self.ours / self.theirs
        mark = "" if ratio <= self.at_most else "  <- over"
        return (
            f"{self.what:44} {self.ours:10} {self.theirs:10} {ratio:7.2f} {self.at_most:8.2f}{mark}"
        )


def by_us(source: Path, target: Path) -> None:
    save(read(source), target)


def by_onnxruntime(source: Path, target: Path) -> None:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(target)
    onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def by_onnxsim(source: Path, target: Path) -> None:
    import onnxsim

    onnx.save(onnxsim.simplify(onnx.load(source))[0], target)


def by_onnxslim(source: Path, target: Path) -> None:
    import onnxslim

    onnx.save(onnxslim.slim(str(source)), target)


OTHERS: dict[str, Optimise] = {
    "onnxruntime": by_onnxruntime,
    **({"onnxsim": by_onnxsim} if find_spec("onnxsim") else {}),
    **({"onnxslim": by_onnxslim} if find_spec("onnxslim") else {}),
}


def nodes(path: Path) -> int:
    return sum(node.op_type != "Constant" for node in onnx.load(path).graph.node)


def rows() -> Iterator[Left | Row]:
    """Two rows for each model and tool: the nodes left, then the time."""
    with TemporaryDirectory() as folder:
        for make in MODELS:
            source = make(Path(folder) / "model.onnx")
            ours, theirs = Path(folder) / "ours.onnx", Path(folder) / "theirs.onnx"
            by_us(source, ours)
            for name, other in OTHERS.items():
                with contextlib.redirect_stdout(io.StringIO()):
                    other(source, theirs)
                    what = f"{make.__name__}, {nodes(source)} nodes: {name}"
                    row = in_turns(
                        f"{make.__name__}, time: {name}",
                        wall_time(partial(by_us, source, ours)),
                        wall_time(partial(other, source, theirs)),
                        math.inf,
                        rounds=5,
                    )
                yield Left(what, nodes(ours), nodes(theirs))
                yield row
