"""What the tests share."""

from __future__ import annotations

import gc
import io
import os
import sys
import time
from collections.abc import Generator
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import orjson
import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

from actcli.__main__ import RARELY
from actcli.cli import main as cli

pytest_plugins = ["tests.remembered"]

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's, which comes later: a core a worker

gc.set_threshold(RARELY)  # as in the program

FUZZ = pytest.StashKey[float]()
"""The seconds that each random test may use."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fuzz",
        type=float,
        metavar="SECONDS",
        help="only the random tests, by fresh cases, again and again for about so long in all",
    )


def pytest_configure(config: pytest.Config) -> None:
    """The same cases in every run, wherever it is, unless fresh ones are asked for."""
    if sys.dont_write_bytecode:
        _compile_once(config)
    plain = settings.get_profile("default")  # named, for hypothesis has another one where CI is set
    fuzz = config.getoption("fuzz") is not None
    settings.register_profile(
        "actcli",
        plain,
        derandomize=not fuzz,
        database=plain.database if fuzz else None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("actcli")


def _compile_once(config: pytest.Config) -> None:
    """Keep what the many processes of a run compile, where they may not write beside the code."""
    folder = TemporaryDirectory(prefix="actcli-bytecode-")
    config.add_cleanup(folder.cleanup)
    os.environ |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": folder.name}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name != "test_project.py")  # the longest ones come first
    seconds = config.getoption("fuzz")
    if seconds is None:
        return
    random = [item for item in items if _is_random(item)]
    config.hook.pytest_deselected(items=[item for item in items if not _is_random(item)])
    items[:] = random
    workers = getattr(config, "workerinput", {"workercount": 1})["workercount"]
    config.stash[FUZZ] = seconds * workers / max(len(random), 1)


def pytest_collection_finish(session: pytest.Session) -> None:
    """The collector does not look through thousands of tests again, in the time of one of them."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """With --fuzz a test is repeated until its share of the time is used."""
    end = time.monotonic() + pyfuncitem.config.stash.get(FUZZ, 0.0)
    result = yield
    names = pyfuncitem._fixtureinfo.argnames
    while time.monotonic() < end:
        pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names})
    return result


def _is_random(item: pytest.Item) -> bool:
    """Whether hypothesis draws its cases; a test that calls such a one within is marked."""
    return bool(is_hypothesis_test(getattr(item, "obj", None)) or item.get_closest_marker("random"))


@dataclass(frozen=True)
class Result:
    """What one run of the program left behind."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        return orjson.loads(self.stdout)

    @property
    def results(self) -> list[dict[str, Any]]:
        results: list[dict[str, Any]] = self.json["results"]
        return results


class Run(Protocol):
    """One run of the program."""

    def __call__(self, *args: str, stdin: str | bytes = b"") -> Result: ...


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the program in this process, down to its file descriptors."""
    for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "ACTCLI_DEBUG"):
        monkeypatch.delenv(name, raising=False)

    def once(*args: str, stdin: str | bytes = b"") -> Result:
        content = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        exit_code = cli.run(args)
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return Result(exit_code, out.decode(), err.decode())

    return once
