"""What all results share: frozen dataclasses whose fields, private ones aside, are their JSON.

The plain values that a result is made of are named tuples: a program that runs for a tenth of a
second should not spend it on generating dataclasses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, TypeVar

from actcli.numeric.arrays import Array
from actcli.numeric.late import np

if TYPE_CHECKING:
    from pathlib import Path

    from actcli.charts.model import Chart, Regions

Result = TypeVar("Result")

Row = Mapping[str, Any]
Columns = Mapping[str, Any]


class Column:
    """A float64 column of any length, made block by block each time it is read."""

    def __init__(self, blocks: Callable[[], Iterator[Array]]) -> None:
        self._blocks = blocks

    def __iter__(self) -> Iterator[Array]:
        return self._blocks()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        whole = np.concatenate([np.empty(0), *self])
        return whole if dtype is None else whole.astype(dtype)

    def through(self, function: Callable[[Array], Array]) -> Column:
        """The column of `function` of each block."""
        return Column(partial(map, function, self))


class Report(Generic[Result]):
    """A result as it is read: in words, in rows, on a sheet. Each command has one in `reports/`.

    For the tabular formats a report gives `rows()`, or `columns()` where they may be many.
    """

    header: ClassVar[tuple[str, ...]] = ()
    """The keys of the rows, where there may be no row to show them."""

    said: ClassVar[tuple[str, ...]] = ()
    """Keys that `sentences()` has said: left out of the table that a person reads."""

    exact: ClassVar[tuple[str, ...]] = ()
    """Keys of what a row is about, shown with every digit: of what is rounded it would not be."""

    compared: ClassVar[bool] = False
    """Whether the rows of all reports make one table, below what all of them say."""

    def __init__(self, result: Result, every: bool = False) -> None:
        """`every`: whether a person reads a long list item by item."""
        self.result = result
        self.every = every

    def subject(self) -> str:
        """What the result is about, in a word or two."""
        return str(getattr(self.result, "activation", ""))

    def columns(self) -> Iterator[Columns]:
        """The rows as blocks: scalars that hold for the whole block first, then float64 arrays."""
        return iter(())

    def rows(self) -> Iterable[Row]:
        """The flat rows: the same keys in every row."""
        for block in self.columns():
            arrays = {
                key: column for key, column in block.items() if isinstance(column, np.ndarray)
            }
            for numbers in zip(*(array.tolist() for array in arrays.values()), strict=True):
                yield {**block, **dict(zip(arrays, numbers, strict=True))}

    def shown(self) -> Iterable[Row]:
        """The rows as a person reads them: texts in place of numbers that belong together."""
        return self.rows()

    def sentences(self) -> Sequence[str]:
        """The result in words, for a person: printed above its table."""
        return ()

    def details(self) -> Sequence[str]:
        """The evidence in words: printed below the table."""
        return ()

    def sheet(self) -> Sequence[tuple[str, ...]]:
        """The result as labels, each with its text, where that reads better than a table of rows.

        Or each with as many texts as others, to stand side by side as far as there is room.
        """
        return ()


class Reply(NamedTuple):
    """What a command returns: its results, reported, and what is said beside them."""

    reports: Iterable[Report[Any]]
    schema: str
    """`saturation/1`: which promise the JSON keeps."""
    chart: Chart | Regions | None = None
    wants_chart: bool = False
    """Whether it is drawn below a table even where a terminal does not show both together."""
    notes: Sequence[str] = ()
    """Said on stderr."""
    failed: str | None = None
    """Why the check that was asked for does not hold: said on stderr, exit code 3."""
    files: Sequence[Path] = ()
    """What the command has read or written: --output does not go over it."""
    beside: Mapping[Path, Reply] = MappingProxyType({})
    """Documents that go to files of their own, as JSON."""
    page: Callable[[], bytes] | None = None
    """What makes an HTML page of it, where that is more than its first format in a browser."""
