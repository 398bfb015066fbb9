"""Named tensors taken for dense layers: which are weights, in which order, with which biases.

Biases are paired by what fits: the width of a layer's output, then names, then order. What can be
read in two ways is not read: the error names the option that decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations, product

from actcli.errors import ActcliError
from actcli.networks.files import names
from actcli.networks.files.biases import SHOWN, AmbiguousError, MisfitError, paired
from actcli.networks.files.hints import LAYOUTS, Hints
from actcli.networks.files.interface import Tensors, Weights

FLOATS = {"float16", "bfloat16", "float32", "float64"}

PERMUTED = 6
"""Weights whose names say no order up to which all orders are tried."""

MIXED = 12
"""Weights up to which each is tried in both layouts."""

ROWS = 6
"""Matrices of one row or column of unsaid role up to which both roles of each are tried."""


@dataclass(frozen=True)
class Entry:
    """A dense layer of the file, by the names of its tensors."""

    weight: str
    layout: str
    bias: str | None = None
    bias_in: str = ""
    """Where the matrix holds its own bias: as its `first` or `last` column, seen out-in."""


def entries(source: str, tensors: Tensors, hints: Hints, *, ordered: bool) -> list[Entry]:
    """The layers in their order.

    `ordered` says that the file keeps the order in which the tensors were saved.

    Raises:
        ActcliError: the tensors make no chain, or more than one.
    """
    _check_names(source, tensors, hints)
    matrices = [name for name, tensor in tensors.items() if _is_matrix(tensor)]
    biases = [
        name
        for name, tensor in tensors.items()
        if _is_row(tensor)
        and (_says_bias(name, hints) or (tensor.ndim == 1 and names.position(name) is not None))
    ]
    weights = [name for name in hints.order or matrices if name not in biases]
    biases += [
        name
        for name in matrices
        if hints.order and name not in {*weights, *biases} and 1 in tensors[name].shape
    ]
    if not weights:
        raise ActcliError(f"{source} holds no 2-D tensor of floats: nothing to collapse")
    if state := names.recurrent(weights):
        raise ActcliError(f"{source} is recurrent, no stack: {state} leads from a state to itself")
    rows = _unsaid(tensors, weights, hints)
    if len(rows) > ROWS:
        raise AmbiguousError(
            f"{source}: weights or biases? {', '.join(rows)}: say --order of weights"
        )
    found: list[list[Entry]] = []
    problem: ActcliError | None = None
    for count in range(len(rows) + 1):
        for some in combinations(rows, count):
            kept = [name for name in weights if name not in some]
            others = [name for name in tensors if name in biases or name in some]
            if not kept:
                continue
            reading = _Reading(
                source=source,
                tensors=tensors,
                hints=hints,
                ordered=ordered,
                weights=kept,
                biases=others,
            )
            try:
                found.append(reading.entries())
            except AmbiguousError:
                raise
            except ActcliError as error:
                problem = problem or error
    if len(found) > 1:
        orders = [",".join(entry.weight for entry in way) for way in found[:SHOWN]]
        raise AmbiguousError(
            f"{source}: weights or biases? {', '.join(rows)}: say --order "
            + " or --order ".join(orders)
        )
    if not found:
        assert problem is not None
        raise problem
    return found[0]


def _unsaid(tensors: Tensors, weights: Sequence[str], hints: Hints) -> list[str]:
    """Matrices of one row or column of which no name says whether they are weights or biases."""
    if hints.order:
        return []
    wide = [name for name in weights if 1 not in tensors[name].shape]
    return [
        name
        for name in weights
        if name not in wide
        and not names.is_weight(name)
        and name not in {*hints.pairs, *hints.layouts}
        and (names.position(name) is not None or names.number(name, wide) is None)
        and len(weights) > 1
    ]


def _check_names(source: str, tensors: Tensors, hints: Hints) -> None:
    """Hold the names that the user gives to the file.

    Raises:
        ActcliError: the file has none of that name.
    """
    for name in (*hints.layouts, *hints.pairs, *hints.pairs.values(), *hints.order):
        if name not in tensors:
            raise ActcliError(f"{source} holds no {name}: it holds {', '.join(tensors)}")


def _says_bias(name: str, hints: Hints) -> bool:
    if name in hints.pairs.values():
        return True
    return name not in {*hints.pairs, *hints.order} and names.is_bias(name)


def _is_matrix(tensor: Weights) -> bool:
    return tensor.ndim == 2 and tensor.size > 0 and tensor.dtype.name in FLOATS


def _is_row(tensor: Weights) -> bool:
    row = tensor.ndim == 1 or (tensor.ndim == 2 and 1 in tensor.shape)
    return row and tensor.size > 0 and tensor.dtype.name in FLOATS


@dataclass(frozen=True)
class _Reading:
    """Tensors with their roles; what is left open is which follows which, and how they lie."""

    source: str
    tensors: Tensors
    hints: Hints
    ordered: bool
    weights: Sequence[str]
    biases: Sequence[str]

    def entries(self) -> list[Entry]:
        """The one chain.

        Raises:
            ActcliError: there is none, or more than one.
        """
        order = list(self.hints.order) or names.in_order(self.weights)
        if order is not None and set(order) != set(self.weights):
            raise ActcliError(f"{self.source}: --order must name {', '.join(self.weights)}")
        if order is not None or self.ordered or len(self.weights) == 1:
            return self._chain(order or list(self.weights))
        if len(self.weights) > PERMUTED:
            raise AmbiguousError(f"{self.source}: no name says which layer is first: say --order")
        fitting = {}
        problem: ActcliError | None = None
        for tried in permutations(names.by_number(self.weights)):
            try:
                fitting[tried] = self._chain(tried)
            except AmbiguousError:
                raise
            except ActcliError as error:
                problem = problem or error
        if len(fitting) > 1:
            raise AmbiguousError(
                f"{self.source}: the layers chain in more than one order: say --order "
                + " or --order ".join(",".join(some) for some in list(fitting)[:SHOWN])
            )
        if not fitting:
            assert problem is not None
            raise problem
        return next(iter(fitting.values()))

    def _chain(self, order: Sequence[str]) -> list[Entry]:
        """The one way in which the matrices lie so that all fits.

        Raises:
            ActcliError: there is none, or more than one.
        """
        whole = LAYOUTS if self.hints.layout == "auto" else (self.hints.layout,)
        told = [self.hints.layouts.get(name) for name in order]
        ways = dict.fromkeys(tuple(said or layout for said in told) for layout in whole)
        bias_in = self.hints.bias_in.replace("none", "")
        found, problems = self._tried(order, ways, bias_in)
        if not found and self.hints.layout == "auto" and len(order) <= MIXED:
            ways = dict.fromkeys(product(*(LAYOUTS if x is None else (x,) for x in told)))
            found, _ = self._tried(order, ways, bias_in)
        if not self.biases and not self.hints.bias_in and len(order) > 1:
            inside, _ = self._tried(order, ways, "last")
            if inside:
                raise AmbiguousError(
                    f"{self.source}: the layers chain if each matrix holds its bias: say "
                    "--bias-in first or --bias-in last, the column (in-out: row) that is the bias"
                    + (", or --bias-in none" if found else "")
                )
        if len(found) > 1:
            self._refuse_layouts(order, list(found))
        if found:
            return next(iter(found.values()))
        problem = max(problems, key=lambda misfit: misfit.layer)
        raise ActcliError(f"{self.source}: the layers do not chain: {problem}")

    def _refuse_layouts(self, order: Sequence[str], ways: Sequence[tuple[str, ...]]) -> None:
        if all(len(set(way)) == 1 for way in ways):
            raise AmbiguousError(
                f"{self.source}: the shapes fit both ways: say --layout out-in (PyTorch) or "
                "--layout in-out (Keras)"
            )
        open_ones = [name for name, *said in zip(order, *ways, strict=True) if len(set(said)) > 1]
        raise AmbiguousError(
            f"{self.source}: some matrices fit both ways: say "
            + " and ".join(f"--layout {name}=out-in or {name}=in-out" for name in open_ones)
        )

    def _tried(
        self, order: Sequence[str], ways: Mapping[tuple[str, ...], None], bias_in: str
    ) -> tuple[dict[tuple[str, ...], list[Entry]], list[MisfitError]]:
        """The ways in which the layers chain, and why the others do not."""
        found: dict[tuple[str, ...], list[Entry]] = {}
        problems = []
        for way in ways:
            try:
                found[way] = self._fitted(order, way, bias_in)
            except MisfitError as misfit:
                problems.append(misfit)
        return found, problems

    def _fitted(self, order: Sequence[str], way: Sequence[str], bias_in: str) -> list[Entry]:
        """The layers with their biases, in one order and one layout of each.

        Raises:
            MisfitError: the widths do not chain, or a bias fits nowhere.
            ActcliError: the biases fit in more than one way.
        """
        widths: dict[str, int] = {}
        before = ""
        for number, (name, layout) in enumerate(zip(order, way, strict=True)):
            shape = self.tensors[name].shape
            outputs, inputs = shape if layout == "out-in" else shape[::-1]
            inputs -= bool(bias_in)
            said = self._said(name, layout)
            if before and widths[before] != inputs:
                earlier = self._said(before, way[number - 1])
                why = f"{said} takes {inputs} numbers, but {earlier} gives {widths[before]}"
                raise MisfitError(number, why)
            if inputs < 1:
                raise MisfitError(number, f"{said} holds nothing but a bias")
            widths[name] = outputs
            before = name
        called = {name: self._said(name, layout) for name, layout in zip(order, way, strict=True)}
        sizes = {bias: self.tensors[bias].size for bias in self.biases}
        try:
            pairs = paired(widths, called, sizes, self.hints.pairs, ordered=self.ordered)
        except AmbiguousError as error:
            raise AmbiguousError(f"{self.source}: {error}") from None
        return [
            Entry(name, layout, pairs.get(name), bias_in)
            for name, layout in zip(order, way, strict=True)
        ]

    def _said(self, name: str, layout: str) -> str:
        rows, columns = self.tensors[name].shape
        return f"{name} ({rows}x{columns}, {layout})"
