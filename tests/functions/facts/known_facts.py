"""The facts that several tests ask for, found once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from actcli.activations.base import Activation
from actcli.activations.registry import Named, catalogue
from actcli.find import find
from actcli.functions.facts import Facts, facts


def variants() -> Iterator[Named]:
    """Every activation at its default parameters and with each parameter at its examples."""
    for cls in catalogue().values():
        yield cls()
        for declared in cls.parameters():
            for example in declared.examples:
                yield cls(**{declared.name: example})


@cache
def known(activation: Activation) -> Facts:
    return facts(activation)


def of(text: str) -> Facts:
    return known(find(text))


def as_plain(value: Any) -> Any:
    """Dataclasses and named tuples as dictionaries, all the way down; what is private left out."""
    if is_dataclass(value):
        names = [field.name for field in fields(value) if not field.name.startswith("_")]
        return {name: as_plain(getattr(value, name)) for name in names}
    if hasattr(value, "_asdict"):
        return {key: as_plain(one) for key, one in value._asdict().items()}
    return [as_plain(one) for one in value] if isinstance(value, list | tuple) else value
