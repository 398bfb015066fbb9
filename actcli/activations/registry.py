"""The registry: how a class becomes a named activation, and how a name is looked up."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any, ClassVar, NamedTuple, TypeVar, dataclass_transform

from actcli.activations import plugins
from actcli.activations.base import Activation
from actcli.activations.contents import CONTENTS
from actcli.bounds import Bounds
from actcli.errors import UsageError

FAMILIES = tuple(dict.fromkeys(module.partition(".")[0] for module in CONTENTS))
"""What the catalogue is parted into, in the order in which `list` shows it."""


class Parameter(NamedTuple):
    """A parameter of a named activation: its default, its bounds, other values worth testing."""

    default: float
    """What it is where it is not given."""
    bounds: Bounds
    """What it may be."""
    examples: tuple[float, ...]
    """Other values that the tests try."""
    doc: str
    """What it does, in words."""
    exact: str = ""
    """The number that the default stands for, where that is not a double: `1/6`."""
    name: str = ""
    """As in `elu:alpha=0.5`: the attribute's, less the underscore that keeps it from hiding a
    method."""


def param(
    default: float,
    *,
    above: float = -math.inf,
    below: float = math.inf,
    least: float = -math.inf,
    most: float = math.inf,
    gap: float = 0.0,
    nonzero: bool = False,
    examples: tuple[float, ...] = (),
    doc: str,
    exact: str = "",
) -> Any:
    """Declare a parameter of a named activation; the bounds are those of `Bounds`."""
    bounds = Bounds(above, below, least, most, gap=gap, nonzero=nonzero)
    return Parameter(default, bounds, examples, doc, exact)


class Named(Activation):
    """An activation of the catalogue: an immutable value, equal to another of the same parameters.

    Declares `formula`, the two kernels and the parameters; the docstring is the one-line summary.

    It behaves as a frozen dataclass whose fields are the parameters, but nothing is generated and
    compiled for each class of the catalogue: that would take a quarter of a whole answer's time.
    """

    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    reference: ClassVar[str] = ""
    """The paper or framework the function comes from."""

    _declared: ClassVar[Mapping[str, Parameter]] = {}
    """The parameters by attribute."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        own = {
            key: value._replace(name=key.removesuffix("_"))
            for key, value in vars(cls).items()
            if isinstance(value, Parameter)
        }
        cls._declared = {**cls._declared, **own}

    def __init__(self, *values: float, **named: float) -> None:
        """Take the parameters in order or by name.

        Raises:
            UsageError: a parameter is out of bounds.
            TypeError: there is no such parameter.
        """
        given = dict(zip((p.name for p in self.parameters()), values, strict=False)) | named
        for attribute, declared in self._declared.items():
            value = float(given.pop(declared.name, declared.default))
            if value == 0 and declared.bounds.nonzero:
                raise UsageError(
                    f"{self.name}: {declared.name} must not be 0: the formula divides by it"
                )
            if not declared.bounds.admit(value):
                raise UsageError(
                    f"{self.name}: {declared.name} must be {declared.bounds}, not {value:g}"
                )
            vars(self)[attribute] = value
        if given or len(values) > len(self._declared):
            raise TypeError(f"{self.name} has no parameter {', '.join(given) or len(values)}")
        self.check()

    def check(self) -> None:
        """Refuse parameters that do not go together; overridden where there are such."""

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{self.name} is immutable: make another one")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.params == other.params

    def __hash__(self) -> int:
        return hash((type(self), *self.params.values()))

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """The declared parameters, in order."""
        return tuple(cls._declared.values())

    @classmethod
    def family(cls) -> str:
        """The family, or another package's module, that defines the class."""
        home = cls.__module__.removeprefix(f"{__package__}.")
        return home.partition(".")[0] if home != cls.__module__ else home.rpartition(".")[2]

    @classmethod
    def summary(cls) -> str:
        """One line that says what the function is."""
        return (cls.__doc__ or "").partition("\n")[0].rstrip(".")

    @property
    def torch_gain(self) -> float | None:
        """What `torch.nn.init.calculate_gain` returns for it; None where torch knows no gain."""
        return None

    @property
    def params(self) -> Mapping[str, float]:
        """The parameters' values by name, in order of declaration."""
        return {p.name: vars(self)[attribute] for attribute, p in self._declared.items()}

    @property
    def entry(self) -> str:
        """The name in the catalogue, with the parameters that are not default."""
        defaults = {p.name: p.default for p in self.parameters()}
        changed = [f"{k}={v!r}" for k, v in self.params.items() if v != defaults[k]]
        return f"{self.name}:{','.join(changed)}" if changed else self.name

    def __str__(self) -> str:
        """The text that `find` reads back: the name that was asked for, or `entry`."""
        return self.label or self.entry

    __repr__ = __str__


Class = TypeVar("Class", bound=type[Named])

_classes: dict[str, type[Named]] = {}
_spellings: dict[str, str] = {}
_homes = {name: module for module, names in CONTENTS.items() for name in names.split()}


@dataclass_transform(frozen_default=True, field_specifiers=(param,))
def activation(name: str, *aliases: str) -> Callable[[Class], Class]:
    """Enter the class in the catalogue.

    Aliases need not repeat the name in another case or with other separators: `LeakyReLU` and
    `leaky-relu` find `leaky_relu`.

    Raises:
        ValueError: the name or an alias is taken or no word, or the class has no formula.
        ActcliError: what another package wrote fails with its default parameters.
    """

    def enter(cls: Class) -> Class:
        if not isinstance(getattr(cls, "formula", None), str):
            raise ValueError(f"{name!a} has no formula")
        for spelling in (name, *aliases):
            if not spelling.isprintable():
                raise ValueError(f"{spelling!a} is no name: it cannot be printed")
        cls.name = name
        cls.aliases = aliases
        plugins.contain(cls, name)
        for spelling in (name, *aliases):
            key = folded(spelling)
            if _spellings.setdefault(key, name) != name:
                raise ValueError(f"{spelling!r} is already the name of {_spellings[key]!r}")
        home = cls.__module__.removeprefix(f"{__package__}.")
        if name in _classes or _homes.get(name, home) != home:
            raise ValueError(f"{name!r} is already in the catalogue")
        _classes[name] = cls
        return cls

    return enter


def catalogue() -> Mapping[str, type[Named]]:
    """Every named activation, by name, in the order of the contents; third parties' come last."""
    for module in CONTENTS:
        _load(module)
    plugins.load()
    return {name: _classes[name] for name in (_homes | _classes)}


def beginning_with(text: str) -> Iterator[type[Named]]:
    """The named activations whose names begin so; only their modules are imported."""
    if plugins.are_offered():
        catalogue()
    for name in _homes | _classes:
        if name.startswith(text):
            _load(_homes.get(name))
            yield _classes[name]


def lookup(name: str) -> type[Named] | None:
    """The class that goes by this name or alias, in any case and with any separators."""
    key = folded(name)
    for module in (_homes.get(name.lower()), *CONTENTS):
        _load(module)
        if key in _spellings:
            break
    else:
        plugins.load()
    return _classes[_spellings[key]] if key in _spellings else None


def suggestions(name: str) -> list[str]:
    """Names and aliases that look like this one, best first."""
    from difflib import get_close_matches

    spellings = {
        folded(text): text for cls in catalogue().values() for text in (cls.name, *cls.aliases)
    }
    return [spellings[key] for key in get_close_matches(folded(name), spellings, n=3)]


def folded(name: str) -> str:
    """The name without case and separators: what is compared when names are looked up."""
    return name.lower().replace("_", "").replace("-", "").replace(" ", "")


def _load(module: str | None) -> None:
    """Import a module of the catalogue, if it is one."""
    if module:
        import_module(f"{__package__}.{module}")
