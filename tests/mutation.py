"""How many small faults in the code the tests see: `python -m tests.mutation structure meanfield`.

Of all the mutants of a package that Cosmic Ray can make a seeded sample is tried, in a copy of the
sources, each against those tests of the package that run its line. Survivors are printed with their
difference; a mutant that takes longer than the limit is killed.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import importlib.util
import os
import resource
import shutil
import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import coverage
import numpy as np
import pytest
from cosmic_ray import plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

ROOT = Path(__file__).parents[1]
PYTEST = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider"]
NOT_RUN = 5
"""The exit code of pytest where it has run no test."""


@dataclass(frozen=True)
class Mutant:
    """One change of one module."""

    path: Path
    operator: str
    occurrence: int
    line: int

    def source(self) -> str:
        """The module with the change."""
        made = mutate_code(self.path.read_text(), _operator(self.operator), self.occurrence)
        assert isinstance(made, str)
        return made


def _operator(name: str) -> Any:
    return plugins.get_operator(name)()


def mutants(package: Path) -> Iterator[Mutant]:
    """All of a package, but of annotations, which are not evaluated."""
    names = [n for n in plugins.operator_names() if not plugins.get_operator(n).arguments()]
    operators = [(name, _operator(name)) for name in names]
    for path in sorted(package.rglob("*.py")):
        source = path.read_text()
        nodes, spared = [*ast_nodes(get_ast(source))], [*_annotations(source)]
        for name, operator in operators:
            places = [place for node in nodes for place in operator.mutation_positions(node)]
            for occurrence, (start, end) in enumerate(places):
                if not any(low <= start and end <= high for low, high in spared):
                    yield Mutant(path, name, occurrence, start[0])


def _annotations(source: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    for node in ast.walk(ast.parse(source)):
        for kind in ("annotation", "returns"):
            part = getattr(node, kind, None)
            if isinstance(part, ast.expr) and part.end_lineno and part.end_col_offset:
                end = part.end_lineno, part.end_col_offset
                yield (part.lineno, part.col_offset), end


def tests_by_line(copy: Path, package: str) -> Mapping[Path, Mapping[int, Sequence[str]]]:
    """For each line of the package the tests that run it; an empty name stands for an import."""
    data = copy / f"coverage-{package}"
    assert _run(_measure, copy, package, data) == 0, "the tests fail without a mutant"
    found = coverage.CoverageData(str(data))
    found.read()
    return {Path(file): found.contexts_by_lineno(file) for file in found.measured_files()}


def _measure(copy: Path, package: str, data: Path) -> None:
    _enter(copy)
    measured = coverage.Coverage(str(data), source=[str(copy / "actcli" / package)])
    measured.start()
    code = pytest.main([*PYTEST, f"tests/{package}"], plugins=[Contexts(measured)])
    measured.stop()
    measured.save()
    os._exit(int(code))


class Contexts:
    """A plug-in that tells the coverage which test is run."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self._measured = measured

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """From its fixtures to their end."""
        self._measured.switch_context(item.nodeid)
        return (yield)


class Chosen:
    """A plug-in that leaves some tests."""

    def __init__(self, names: set[str]) -> None:
        self._names = names

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep those, all where there are none."""
        items[:] = [item for item in items if not self._names or item.nodeid in self._names]


def survives(mutant: Mutant, copy: Path, package: str, names: Sequence[str], limit: int) -> bool:
    """Whether no test sees it."""
    if not names:
        return True
    chosen = {*names} - {""}
    files = sorted({name.partition("::")[0] for name in chosen}) or [f"tests/{package}"]
    before = mutant.path.read_text()
    cached = Path(importlib.util.cache_from_source(str(mutant.path)))
    try:
        mutant.path.write_text(mutant.source())
        cached.unlink(missing_ok=True)
        return _run(_try, copy, files, chosen, limit) in (0, NOT_RUN)
    finally:
        mutant.path.write_text(before)


def _run(work: Callable[..., None], *arguments: Any) -> int | None:
    """The exit code of work in a process of its own."""
    process = get_context("fork").Process(target=work, args=arguments)
    process.start()
    process.join()
    return process.exitcode


def _try(copy: Path, files: Sequence[str], chosen: set[str], limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
    sys.dont_write_bytecode = True
    _enter(copy)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    os._exit(int(pytest.main([*PYTEST, *files], plugins=[Chosen(chosen)])))


def _enter(copy: Path) -> None:
    """From here on the sources are those of the copy."""
    os.environ["PYTHONPATH"] = sys.path[0] = str(copy)
    os.chdir(copy)
    for name in [name for name in sys.modules if name.partition(".")[0] in ("tests", "actcli")]:
        del sys.modules[name]


def difference(mutant: Mutant) -> str:
    """The lines that the mutant changes."""
    lines = mutant.path.read_text().splitlines(), mutant.source().splitlines()
    changed = [line for line in difflib.unified_diff(*lines, n=0, lineterm="") if line[0] in "+-"]
    return "\n".join(f"    {line}" for line in changed[2:])


def main() -> None:
    """Try a sample of each package, and print the share that is killed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("packages", nargs="+", metavar="PACKAGE", help="of actcli and of tests")
    parser.add_argument("--sample", type=int, default=60, help="how many mutants of each")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=int, default=120, help="seconds of CPU for each")
    given = parser.parse_args()
    np.show_config(mode="dicts")  # loaded once, before the processes of the mutants
    with TemporaryDirectory() as folder:
        copy = Path(folder)
        for part in ("actcli", "tests"):
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        for file in ("pyproject.toml", "README.md", "CHANGELOG.md"):
            shutil.copy(ROOT / file, copy)
        for package in given.packages:
            lines = tests_by_line(copy, package)
            every = [*mutants(copy / "actcli" / package)]
            sample = Random(given.seed).sample(every, min(given.sample, len(every)))
            killed = 0
            for mutant in sample:
                names = lines.get(mutant.path, {}).get(mutant.line, ())
                if survives(mutant, copy, package, names, given.limit):
                    where = mutant.path.relative_to(copy)
                    why = "" if names else ", which no test runs"
                    print(f"survives: {where}:{mutant.line}{why}\n{difference(mutant)}", flush=True)
                else:
                    killed += 1
            print(
                f"{package}: {killed} of {len(sample)} killed, of {len(every)} mutants", flush=True
            )


if __name__ == "__main__":
    main()
