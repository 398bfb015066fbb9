"""`inspect`: values against a copy and other histograms, a model against its run, a large dump.

The dump is a file with a hole of 5 GB: it is read like any other and takes no room.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import onnxruntime

from actcli.find import find
from actcli.networks.inspection.inspect import plan_for_model
from actcli.networks.inspection.summaries.tally import Tally
from actcli.networks.inspection.watching import Lens, looked_through
from tests.benchmarks.memory import MEGABYTE, Peak
from tests.benchmarks.pairs import Row, in_turns, wall_time
from tests.networks.inspection.models import constant, model, node

VALUES = 1 << 22
DUMP = 5_000_000_000
COPIES, NUMPYS, SKETCHES = 60.0, 2.5, 1.0
"""How many times a copy, `numpy.histogram` and a KLL sketch of the values all of it may take."""

PEAK = """
import sys
from actcli.cli.main import run
run(["inspect", sys.argv[1], "-a", "gelu"])
(peak,) = (line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(peak, file=sys.stderr)
"""
"""A process of its own that tells its largest resident size, in kibibytes."""

TIMES = 2.5
"""How many times a plain run of a convolutional net an inspection may take."""

IMAGES, BATCH = 1024, 32

NETS: Mapping[str, tuple[Sequence[int], int]] = {
    "wide": ((3, 64, 128, 128, 128), 16),
    "narrow": ((3, 32, 64, 64, 64), 32),
}
"""The channels of convolutional nets with a relu after each layer, and the side of their images."""


def rows() -> Iterator[Row | Peak]:
    yield from _values()
    for name, (sizes, side) in NETS.items():
        yield _network(name, sizes, side)
    yield from _dump()


def _values() -> Iterator[Row]:
    x = np.random.default_rng(0).standard_normal((VALUES // 256, 256)).astype(np.float32)
    looks = looked_through(find("gelu"), Lens())
    ours = wall_time(lambda: Tally(*looks).add(x))
    others: list[tuple[str, Callable[[], object], float]] = [
        ("a copy", x.copy, COPIES),
        ("numpy.histogram", lambda: np.histogram(x, bins=100), NUMPYS),
    ]
    if find_spec("datasketches"):
        from datasketches import kll_floats_sketch

        others.append(("KLL", lambda: kll_floats_sketch(200).update(x.reshape(-1)), SKETCHES))
    for name, work, most in others:
        yield in_turns(f"4 million values against {name}", ours, wall_time(work), most, 5)


def _network(name: str, sizes: Sequence[int], side: int) -> Row:
    rng = np.random.default_rng(0)
    nodes, constants = [], []
    for layer, (before, after) in enumerate(pairwise(sizes)):
        given, pre = ("x" if not layer else f"y{layer - 1}"), f"p{layer}"
        nodes += [
            node("Conv", f"{given} w{layer}", pre, pads=[1, 1, 1, 1]),
            node("Relu", pre, f"y{layer}"),
        ]
        scale = np.sqrt(2 / (9 * before))
        weight = scale * rng.standard_normal((after, before, 3, 3))
        constants.append(constant(f"w{layer}", weight))
    with TemporaryDirectory() as folder:
        last = f"y{len(sizes) - 2}"
        shape = ("batch", 3, side, side)
        path = model(Path(folder) / "m.onnx", nodes, constants, shape=shape, output=last)
        x = rng.standard_normal((IMAGES, 3, side, side)).astype(np.float32)
        np.save(path.with_suffix(".npy"), x)
        session = onnxruntime.InferenceSession(path)
        plan = plan_for_model(path, [path.with_suffix(".npy")], Lens(), BATCH)

        def plain() -> None:
            for first in range(0, IMAGES, BATCH):
                session.run(None, {"x": x[first : first + BATCH]})

        ours, theirs = wall_time(plan.carried_out), wall_time(plain)
        return in_turns(f"a {name} convolutional net against its run", ours, theirs, TIMES, 5)


def _dump() -> Iterator[Row | Peak]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "dump.npy"
        with path.open("wb") as file:
            header = {"descr": "<f4", "fortran_order": False, "shape": (DUMP // 4000, 1000)}
            np.lib.format.write_array_header_1_0(file, header)
            file.truncate(file.tell() + DUMP)
        start = perf_counter()
        told = subprocess.run(
            [sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True, check=True
        )
        ours = perf_counter() - start
        yield Peak("a dump of 5 GB", int(told.stderr) / MEGABYTE, 150)
        start = perf_counter()
        with path.open("rb", buffering=0) as file:
            buffer = bytearray(1 << 22)
            while file.readinto(buffer):
                pass
        yield Row("a dump of 5 GB against reading it", ours, perf_counter() - start, COPIES)
