"""The names of the formula language: what a word means, and what a wrong one was meant to be."""

from __future__ import annotations

from collections.abc import Sequence

from actcli.activations import registry
from actcli.activations.registry import Named
from actcli.formula.definitions import ALIASES, definitions, forms
from actcli.formula.primitives import CHOICES, FUNCTIONS

_ELSEWHERE = {
    "fmod": "a % b, whose sign is that of b",
    "phi": "norm_cdf",
}
"""What other languages call something that is written differently here."""

LIBRARIES = frozenset(
    {"np", "numpy", "math", "scipy", "sp", "special", "jnp", "lax", "mx", "ops", "backend", "tnp"}
    | {"cupy", "mpmath", "mp", "sympy"}
)
"""What may stand before a primitive and a dot, beside the frameworks."""


def is_library(room: str) -> bool:
    """Whether a function may be called by this name with a dot."""
    from actcli.activations.frameworks import FRAMEWORKS, OTHER_NAMES

    return room in LIBRARIES or room.lower() in FRAMEWORKS or room.lower() in OTHER_NAMES


def in_framework(rooms: Sequence[str], name: str) -> tuple[str, str] | None:
    """The framework and its name for what a call such as `torch.nn.functional.gelu` means.

    None for what a framework has beside its activations, such as `torch.exp`, and outside of them.

    Raises:
        UsageError: there is nothing of this name.
    """
    if not rooms:
        return None
    from actcli.activations.frameworks import FRAMEWORKS, framework_of, name_there

    key = framework_of(rooms)
    is_plain = is_primitive(primitive(rooms, name))
    if key is None or (is_plain and name not in FRAMEWORKS[key].names):
        return None
    return key, name_there(key, name)


def is_primitive(name: str) -> bool:
    """Whether formulas have a function of this name, catalogue aside."""
    return name in (*FUNCTIONS, *CHOICES, *ALIASES) or bool(forms(name))


def primitive(rooms: Sequence[str], name: str) -> str:
    """What a function that is called so goes by here; onnx writes its functions large."""
    plain = name.lower() if rooms else name
    return ALIASES.get(plain, plain)


def named_activation(name: str) -> type[Named] | None:
    """The catalogue's class of this name or alias."""
    return registry.lookup(name)


def about_function(name: str) -> str:
    """What to say of a call of something unknown."""
    if hint := _ELSEWHERE.get(name.lower()):
        return f"{name} is not known here; write {hint}"
    from difflib import get_close_matches

    written = (*(one.name for one in definitions()), *ALIASES)
    primitives = get_close_matches(name.lower(), [*FUNCTIONS, *CHOICES, *written], n=2)
    near = list(dict.fromkeys([*primitives, *registry.suggestions(name)]))[:3]
    if near:
        return f"there is no function {name}; did you mean {' or '.join(near)}?"
    known = ", ".join([*FUNCTIONS, *CHOICES])
    return f"there is no function {name}; there are {known}, and all that 'actcli list' shows"


def about_member(path: str) -> str:
    """What to say of a call of something unknown in a library."""
    name = path.rpartition(".")[2]
    return f"{path} is not known here" + (
        f"; there is {name}(x)" if registry.lookup(name) else f": {about_function(name)}"
    )


def about_name(name: str) -> str:
    """What to say of an unknown word that is not called."""
    if is_primitive(name) or registry.lookup(name):
        return f"{name} is a function; write {name}(x)"
    if name.lower() in ("inf", "infinity", "nan"):
        return f"{name} is not a finite number"
    if name == "X" or len(name) == 1:
        return f"{name} is not known; the variable is x, the constants are pi and e"
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), [*FUNCTIONS, *CHOICES, "pi"], n=1)
    near = near or registry.suggestions(name)[:1]
    if near and near[0] != "pi":
        return f"{name} is not known; did you mean {near[0]}(x)?"
    return f"{name} is not known; the variable is x, the constants are pi and e"
