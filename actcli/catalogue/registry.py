"""The registry: how a class becomes a named activation, and how a name is looked up."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from importlib import import_module
from inspect import get_annotations
from typing import Any, ClassVar, Self, TypeVar, cast, dataclass_transform

from actcli.activation import Activation
from actcli.bounds import Bounds
from actcli.errors import UsageError

FAMILIES = ("linear", "rectified", "sigmoidal", "gated", "shrinkage", "smooth")
"""The modules of the catalogue, in the order in which `list` shows them."""

PLUGINS = "actcli.activations"
"""The entry point group under which other packages offer modules with activations of their own."""


def param(
    default: float,
    *,
    above: float = -math.inf,
    below: float = math.inf,
    least: float = -math.inf,
    most: float = math.inf,
    examples: tuple[float, ...] = (),
    doc: str,
) -> Any:
    """Declare a parameter of a named activation: default, bounds, other values worth testing."""
    bounds = Bounds(above, below, least, most)
    return field(default=default, metadata={"bounds": bounds, "examples": examples, "doc": doc})


@dataclass(frozen=True)
class Parameter:
    """A parameter as the catalogue describes it."""

    name: str
    default: float
    bounds: Bounds
    examples: tuple[float, ...]
    doc: str


@dataclass(frozen=True, repr=False)
class Named(Activation):
    """An activation of the catalogue: a frozen dataclass whose fields are its parameters.

    Declares `formula`, the two kernels, and the facts that samples cannot show (`kinks`, `left`,
    `right`, `period`, `endless`), as class attributes or, where they depend on parameters, as
    properties. The docstring is the one-line summary. A field whose name a method has already ends
    in an underscore that the user does not see.
    """

    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    reference: ClassVar[str]
    """The paper or framework the function comes from."""

    def __post_init__(self) -> None:
        """Hold the parameters to their bounds.

        Raises:
            UsageError: a parameter is out of bounds.
        """
        for field_, declared in zip(fields(self), self.parameters(), strict=True):
            value = getattr(self, field_.name)
            if not declared.bounds.admit(value):
                raise UsageError(
                    f"{self.name}: {declared.name} must be {declared.bounds}, not {value:g}"
                )
            object.__setattr__(self, field_.name, float(value))
        self.check()

    def check(self) -> None:
        """Refuse parameters that do not go together; overridden where there are such."""

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """The declared parameters, in order."""
        return tuple(
            Parameter(_said(f.name), cast(float, f.default), **f.metadata) for f in fields(cls)
        )

    @classmethod
    def make(cls, params: Mapping[str, float]) -> Self:
        """The activation with these parameters; the others keep their defaults."""
        names = {_said(f.name): f.name for f in fields(cls)}
        return cls(**{names[name]: value for name, value in params.items()})

    @classmethod
    def family(cls) -> str:
        """The catalogue module that defines the class."""
        return cls.__module__.rpartition(".")[2]

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
        return {_said(f.name): getattr(self, f.name) for f in fields(self)}

    def __str__(self) -> str:
        """The text that `find` reads back: the name, with the parameters that are not default."""
        changed = [
            f"{_said(f.name)}={getattr(self, f.name)!r}"
            for f in fields(self)
            if getattr(self, f.name) != f.default
        ]
        return f"{self.name}:{','.join(changed)}" if changed else self.name


Class = TypeVar("Class", bound=type[Named])

_classes: dict[str, type[Named]] = {}
_spellings: dict[str, str] = {}


@dataclass_transform(frozen_default=True, field_specifiers=(param,))
def activation(name: str, *aliases: str) -> Callable[[Class], Class]:
    """Make the class a frozen dataclass and enter it in the catalogue.

    Aliases need not repeat the name in another case or with other separators: `LeakyReLU` and
    `leaky-relu` find `leaky_relu`.

    Raises:
        ValueError: the name or an alias is taken.
    """

    def enter(cls: Class) -> Class:
        cls.name = name
        cls.aliases = aliases
        for spelling in (name, *aliases):
            key = folded(spelling)
            if _spellings.setdefault(key, name) != name:
                raise ValueError(f"{spelling!r} is already the name of {_spellings[key]!r}")
        if name in _classes:
            raise ValueError(f"{name!r} is already in the catalogue")
        has_parameters = bool(get_annotations(cls))
        _classes[name] = dataclass(frozen=True, repr=False)(cls) if has_parameters else cls
        return cls

    return enter


def catalogue() -> Mapping[str, type[Named]]:
    """Every named activation, by name, in the order of the families; third parties' come last."""
    _load_families()
    _load_plugins()
    return _classes


def lookup(name: str) -> type[Named] | None:
    """The class that goes by this name or alias, in any case and with any separators."""
    _load_families()
    if folded(name) not in _spellings:
        _load_plugins()
    spelled = _spellings.get(folded(name))
    return _classes[spelled] if spelled else None


def suggestions(name: str) -> list[str]:
    """Names and aliases that look like this one, best first."""
    spellings = {
        folded(text): text for cls in catalogue().values() for text in (cls.name, *cls.aliases)
    }
    return [spellings[key] for key in difflib.get_close_matches(folded(name), spellings, n=3)]


def _said(field_name: str) -> str:
    """A parameter's name as the user writes it."""
    return field_name.removesuffix("_")


def folded(name: str) -> str:
    """The name without case and separators: what is compared when names are looked up."""
    return name.lower().replace("_", "").replace("-", "").replace(" ", "")


@cache
def _load_families() -> None:
    for family in FAMILIES:
        import_module(f"actcli.catalogue.{family}")


@cache
def _load_plugins() -> None:
    """Import what other packages offer; one that fails is named on stderr and breaks nothing."""
    from importlib.metadata import entry_points

    for point in entry_points(group=PLUGINS):
        try:
            point.load()
        except Exception as error:
            from logging import getLogger

            getLogger("actcli").warning(
                "warning: the activations of %s cannot be loaded: %s: %s",
                point.value,
                type(error).__name__,
                error,
            )
