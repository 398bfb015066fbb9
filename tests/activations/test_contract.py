"""What every entry of the catalogue owes its users: names, bounds, documentation, true facts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from math import copysign, inf, isnan, nan, nextafter
from pathlib import Path

import numpy as np
import pytest

from actcli.activations import registry
from actcli.activations.base import Activation, Line
from actcli.activations.contents import CONTENTS
from actcli.activations.registry import FAMILIES, Named, Parameter, catalogue, lookup
from actcli.errors import UsageError
from actcli.find import find
from actcli.formula.expression import expression
from actcli.numeric.arrays import Array
from tests.activations.known import is_endless, kinks, line_at
from tests.activations.test_accuracy import variants

every_class = pytest.mark.parametrize("cls", list(catalogue().values()), ids=lambda cls: cls.name)
every_variant = pytest.mark.parametrize("activation", list(variants()), ids=str)


def test_every_module_that_enters_a_function_is_in_the_contents() -> None:
    house = Path(registry.__file__).parent
    written = {
        ".".join(path.relative_to(house).with_suffix("").parts)
        for path in house.rglob("*.py")
        if "\n@activation(" in path.read_text()
    }
    assert written == {*CONTENTS}


@pytest.mark.parametrize("module", CONTENTS)
def test_the_contents_say_what_a_module_enters_and_in_which_order(module: str) -> None:
    home = f"{registry.__package__}.{module}"
    entered = [name for name, cls in registry._classes.items() if cls.__module__ == home]
    assert entered == CONTENTS[module].split()


def test_the_catalogue_has_the_order_of_its_contents() -> None:
    listed = [name for names in CONTENTS.values() for name in names.split()]
    assert [*catalogue()][: len(listed)] == listed


def test_a_name_is_found_without_the_modules_of_others() -> None:
    code = """if True:
        import sys
        from actcli.activations.registry import beginning_with, lookup
        lookup("Hardswish")
        assert [cls.name for cls in beginning_with("gelu_t")] == ["gelu_tanh"]
        print(*(name for name in sys.modules if "silu" in name or "straight" in name))
    """
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


def test_a_name_of_the_catalogue_is_taken_before_its_module_is_imported() -> None:
    code = """if True:
        from actcli.activations.registry import Named, activation
        @activation("gelu")
        class Mine(Named):
            formula = "x"
            f = df = lambda self, x: x
    """
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "'gelu' is already in the catalogue" in run.stderr


@every_class
def test_every_spelling_finds_the_class(cls: type[Named]) -> None:
    for spelling in (cls.name, *cls.aliases):
        for written in (spelling, spelling.upper(), spelling.replace("_", "-")):
            assert lookup(written) is cls, f"{written!r} does not find {cls.name}"


@every_class
def test_every_alias_says_something_new(cls: type[Named]) -> None:
    folded = [s.lower().replace("_", "").replace("-", "") for s in (cls.name, *cls.aliases)]
    assert len(folded) == len(set(folded)), f"{cls.name}: {cls.aliases} repeat each other"


@every_class
def test_documentation(cls: type[Named]) -> None:
    assert cls.family() in FAMILIES
    texts = [cls.summary(), cls.reference, cls().formula, *(p.doc for p in cls.parameters())]
    for text in texts:
        assert text, f"{cls.name} leaves something undocumented"
        assert text.isascii(), f"{cls.name}: {text!r} is not ASCII"
    assert cls.__doc__ is not None
    assert cls.__doc__.partition("\n")[0].endswith("."), f"{cls.name}: the summary is a sentence"
    assert len(cls.summary()) <= 100, f"{cls.name}: the summary is longer than a line"


def parameters() -> Iterator[object]:
    for cls in catalogue().values():
        for declared in cls.parameters():
            yield pytest.param(cls, declared, id=f"{cls.name}-{declared.name}")


every_parameter = pytest.mark.parametrize(("cls", "declared"), list(parameters()))


@every_parameter
def test_parameters_are_held_to_their_bounds(cls: type[Named], declared: Parameter) -> None:
    bounds = declared.bounds
    wrong = [nan, inf, -inf, bounds.above, bounds.below]
    wrong += [nextafter(bounds.least, -inf), nextafter(bounds.most, inf)]
    wrong += [bounds.gap / 2, -bounds.gap / 2] if bounds.gap else []
    for value in wrong:
        with pytest.raises(UsageError, match=rf"^{cls.name}: .*{declared.name}[^\n]*$"):
            cls(**{declared.name: value})


@every_parameter
def test_parameters_are_worth_testing(cls: type[Named], declared: Parameter) -> None:
    assert declared.bounds.admit(declared.default)
    assert declared.examples, f"{cls.name}: {declared.name} has no examples, so nothing tests it"
    assert declared.default not in declared.examples
    hidden = [name for name in cls._declared if hasattr(Activation, name)]
    assert not hidden, f"{cls.name}: {hidden} hides what Activation has: end the name in _"


@every_variant
def test_the_text_of_an_activation_finds_it(activation: Named) -> None:
    found = find(str(activation))
    assert type(found) is type(activation)
    assert found.params == activation.params
    assert found == activation or not activation.params


@every_variant
def test_the_formula_is_in_the_formula_language(activation: Named) -> None:
    written = activation.formula
    assert written == type(activation)().formula, "one formula, whatever the parameters"
    for name, value in activation.params.items():
        assert name in written, f"{activation}: the formula does not use {name}"
        assert isinstance(value, float)
    if not activation.params:
        points = np.array([-2.5, -0.3, 0.4, 3.7])
        np.testing.assert_allclose(
            expression(written).value(points), activation.value(points), rtol=1e-12, atol=1e-300
        )


@every_variant
@pytest.mark.parametrize("end", [-inf, inf])
def test_lines_are_approached(activation: Named, end: float) -> None:
    line = line_at(activation, end)
    if line is None:
        return
    gaps = [gap(activation, line, copysign(10.0**power, end)) for power in (2, 4, 6, 8, 10)]
    rounding = 1e-15 * max(1.0, abs(line.intercept))
    assert gaps[-1] <= rounding + 1e-3 * gaps[0], f"{activation} does not approach {line}: {gaps}"


def gap(activation: Activation, line: Line, x: float) -> float:
    """The distance from the line, less what rounding explains."""
    value, height = float(activation.value(x)), line(x)
    return max(0.0, abs(value - height) - 2e-15 * abs(height))


@every_variant
@pytest.mark.parametrize("end", [-inf, inf])
def test_a_line_is_declared_where_there_is_one(activation: Named, end: float) -> None:
    line = line_at(activation, end)
    if line is not None or is_endless(activation):
        return
    near, far = (copysign(10.0**power, end) for power in (60, 120))
    intercepts = [
        float(activation.value(x)) - float(activation.derivative(x)) * x for x in (near, far)
    ]
    slopes = [float(activation.derivative(x)) for x in (near, far)]
    settled = slopes[0] == slopes[1] and intercepts[0] == intercepts[1]
    assert not settled, f"{activation} approaches {Line(slopes[1], intercepts[1])} at {end}"


@every_variant
def test_declared_kinks_are_real(activation: Named) -> None:
    assert list(kinks(activation)) == sorted(set(kinks(activation))), "kinks ascend"
    for kink in kinks(activation):
        left, right = nextafter(kink, -inf), nextafter(kink, inf)
        values = [float(activation.value(x)) for x in (left, right)]
        rates = [float(activation.derivative(x)) for x in (left, right)]
        scale = 1e-6 * max(1.0, *map(abs, values), *map(abs, rates))
        jumps = abs(values[0] - values[1]) > scale or abs(rates[0] - rates[1]) > scale
        assert jumps, f"{activation} declares a kink at {kink!r}, but nothing jumps there"


@every_variant
def test_no_kink_is_left_out(activation: Named) -> None:
    """Where the value or the derivative jumps, bisection on the larger step ends on a kink."""
    if is_endless(activation):
        return
    random = np.random.default_rng(7)
    grid = np.unique(np.concatenate([random.uniform(-25, 25, 4000), random.normal(0, 1, 2000)]))
    for function in (activation.value, activation.derivative):
        steps = np.abs(np.diff(function(grid)))
        suspects = np.argsort(steps)[-40:]
        low, high = steepest(function, grid[suspects], grid[suspects + 1])
        jumps = np.abs(function(high) - function(low))
        for a, b, jump in zip(low.tolist(), high.tolist(), jumps.tolist(), strict=True):
            size = max(1.0, abs(float(function(b))))
            assert jump < 1e-6 * size or any(a <= kink <= b for kink in kinks(activation)), (
                f"{activation}: the {function.__name__} jumps by {jump:.3g} at {b!r}, "
                f"but the kinks are {kinks(activation)}"
            )


def steepest(function: Callable[[Array], Array], low: Array, high: Array) -> tuple[Array, Array]:
    """Follow the half with the larger step, down to neighbouring doubles or 1e-23 around 0."""
    for _ in range(70):
        middle = low + (high - low) / 2
        at_low, at_middle, at_high = function(low), function(middle), function(high)
        left = np.abs(at_middle - at_low) >= np.abs(at_high - at_middle)
        stuck = (middle <= low) | (middle >= high)
        low = np.where(left | stuck, low, middle)
        high = np.where(left & ~stuck, middle, high)
    return low, high


@every_variant
def test_kernels_leave_their_input_alone(activation: Named) -> None:
    x = np.linspace(-9, 9, 101)
    x.flags.writeable = False
    with np.errstate(all="ignore"):
        for y in (activation.f(x), activation.df(x), *activation.f_and_df(x)):
            assert not np.shares_memory(x, y)
            assert y.dtype == np.float64
            assert y.shape == x.shape


@every_variant
def test_shapes_and_dtypes(activation: Named) -> None:
    whole = activation.value([[-1, 0, 2], [3, -4, 5]])
    assert whole.shape == (2, 3)
    assert float(activation.value(np.float32(2))) == whole[0, 2]
    assert activation.value(np.empty((0, 3))).shape == (0, 3)
    assert isnan(activation.derivative(nan))
