"""Dumps, parts and executors: the same digest whoever looks at the data, and in how many parts."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import sleep
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from safetensors.numpy import save_file

from actcli.find import find
from actcli.networks.inspection import arrays, inspect, parts
from actcli.networks.inspection.digest import Digest, merged
from actcli.networks.inspection.inspect import plan_for_dumps, plan_for_model
from actcli.networks.inspection.watching import Lens
from tests.conftest import Run
from tests.networks.inspection.models import constant, model, node

rng = np.random.default_rng(5)
X = rng.standard_normal((3000, 24)).astype(np.float32)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which arrays are read in small pieces."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(arrays, "BUFFER", 10_000)
    monkeypatch.setattr(inspect, "DUMPED", 30_000)
    np.savez("x.npz", h=X)
    return tmp_path


def plain(digest: Digest, file: Path) -> bytes:
    """A digest as it is kept."""
    parts.write(file, digest)
    return file.read_bytes()


def dumped(*files: str, **options: Any) -> Digest:
    paths = [Path(file) for file in files]
    return plan_for_dumps(paths, find("gelu"), Lens(), **options).carried_out()


@pytest.mark.parametrize("chunks", [1, 2, 37])
def test_files_that_are_parts_give_the_digest_of_the_whole(here: Path, chunks: int) -> None:
    for number, part in enumerate(np.array_split(X, chunks)):
        np.savez(f"part{number}.npz", h=part)
    names = [f"part{number}.npz" for number in range(chunks)]
    whole = plain(dumped("x.npz"), here / "whole.json")
    assert plain(dumped(*names), here / "parts.json") == whole
    for name in names:
        parts.write(Path(f"{name}.json"), dumped(name))
    read = merged(parts.read(Path(f"{name}.json")) for name in reversed(names))
    assert plain(read, here / "merged.json") == whole


def test_every_kind_of_file_gives_the_same(here: Path) -> None:
    whole = plain(dumped("x.npz"), here / "whole.json")
    np.savez_compressed("packed.npz", h=X)
    np.save("h.npy", X)
    save_file({"h": X}, "x.safetensors")
    for file in ("packed.npz", "h.npy", "x.safetensors"):
        assert plain(dumped(file), here / "other.json") == whole
    np.save("h.npy", np.asfortranarray(X))
    assert plain(dumped("h.npy"), here / "other.json") == whole


def test_small_types_are_read_as_they_are(here: Path) -> None:
    small = X.astype(ml_dtypes.bfloat16)
    save_file({"h": small}, "x.safetensors")
    (found,) = dumped("x.safetensors").results()
    assert found.mean == pytest.approx(small.astype(float).mean(), rel=1e-12)
    assert found.overflow["bfloat16"] == (0, 0)


def _network(path: Path) -> Path:
    nodes = [node("MatMul", "x w", "p"), node("Relu", "p", "r"), node("Tanh", "r", "y")]
    return model(path, nodes, [constant("w", rng.standard_normal((24, 6)))], shape=("n", 24))


@pytest.fixture(scope="session")
def processes() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        yield executor


def test_processes_give_the_digest_of_one(here: Path, processes: Executor) -> None:
    np.savez("in.npz", x=X)
    path = _network(here / "m.onnx")
    plan = plan_for_model(path, [Path("in.npz")], Lens(), 32, divided=True)
    assert len(plan.tasks) > 20
    here_alone = plain(plan.carried_out(), here / "one.json")
    assert plain(plan.carried_out(processes), here / "two.json") == here_alone
    whole = plan_for_model(path, [Path("in.npz")], Lens(), 32).carried_out()
    assert plain(whole, here / "whole.json") == here_alone
    divided = plan_for_dumps([Path("x.npz")], find("gelu"), Lens(), divided=True)
    assert len(divided.tasks) > 5
    assert plain(divided.carried_out(processes), here / "two.json") == plain(
        dumped("x.npz"), here / "one.json"
    )


def test_a_cluster_that_loses_a_worker_loses_nothing(run: Run, here: Path) -> None:
    distributed = pytest.importorskip("distributed")
    np.savez("in.npz", x=np.tile(X, (100, 1)))
    _network(here / "m.onnx")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    scheduler = subprocess.Popen([*dask, "--host", address, "--no-dashboard"])
    worker = [*dask[:2], "distributed.cli.dask_worker", address, "--no-dashboard", "--no-nanny"]
    workers = [subprocess.Popen(worker) for _ in range(2)]
    try:
        asking = ["inspect", "m.onnx", "in.npz", "--scheduler", address, "--json"]
        with distributed.Client(address) as client:
            client.wait_for_workers(2)
            asked = subprocess.Popen(
                [sys.executable, "-m", "actcli", *asking, "--partial", "cluster.json"],
                stdout=subprocess.DEVNULL,
            )
            while not all(client.processing().values()):
                assert asked.poll() is None
                sleep(0.01)
        workers[0].kill()
        assert asked.poll() is None
        assert asked.wait(120) == 0
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()
    assert run("inspect", "m.onnx", "in.npz", "--partial", "alone.json").exit_code == 0
    assert Path("cluster.json").read_bytes() == Path("alone.json").read_bytes()
