"""Everything public says what it is, or does what the class above it says."""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

import actcli

MODULES = [found.name for found in pkgutil.walk_packages(actcli.__path__, "actcli.")]


def public(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """The classes and functions that the module writes out, and their methods and properties."""
    for name, value in vars(module).items():
        if getattr(value, "__module__", None) != module.__name__ or not _is_public(name, value):
            continue
        yield name, value
        for inner in vars(value) if inspect.isclass(value) else ():
            if _is_public(f"{name}.{inner}", member := getattr(value, inner)):
                yield f"{name}.{inner}", member


def _is_public(name: str, value: Any) -> bool:
    function = inspect.unwrap(value)
    if isinstance(function, property | cached_property):
        function = function.fget if isinstance(function, property) else function.func
    is_written_out = inspect.isclass(function) or inspect.isroutine(function)
    is_data = inspect.ismemberdescriptor(function)
    is_here = getattr(function, "__qualname__", "") == name
    return is_written_out and not is_data and is_here and "_" not in re.findall(r"\b.", name)


@pytest.mark.parametrize("name", [name for name in MODULES if not name.endswith("__main__")])
def test_everything_public_has_a_docstring(name: str) -> None:
    module = import_module(name)
    assert inspect.getdoc(module)
    assert [what for what, value in public(module) if not inspect.getdoc(value)] == []
