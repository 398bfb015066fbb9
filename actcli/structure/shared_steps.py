"""A program in which what the language writes in many ways is one operation.

Balls know that log(exp(u)) is u, that log(1 + u) is log1p(u), that log1p(exp(u)) is softplus(u),
that exp(u)/(1 + exp(u)) is sigmoid(u) and that 1 - sigmoid(u) is sigmoid(-u) only where they are
told; then nothing overflows and nothing cancels on the way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actcli.formula.program import Program, Step, pruned
from actcli.structure.bumps import bump


def with_shared_steps(program: Program, params: Mapping[str, float]) -> Program:
    """The same function by fewer and sharper operations; a parameter that is 0 is put in."""
    steps = _Steps()
    place: list[int] = []
    for step in program.steps:
        if step.operation == "parameter" and params[step.name] == 0:
            step = Step("number")
        place.append(steps.place(_sharpened(step.renumbered(place), steps)))
    return pruned(steps, place[-1])


class _Steps(list[Step]):
    """The steps so far, each once."""

    def __init__(self) -> None:
        self._places: dict[Step, int] = {}

    def place(self, step: Step) -> int:
        """Where a step is, put there if it is new."""
        if step not in self._places:
            self._places[step] = len(self)
            self.append(step)
        return self._places[step]


def _sharpened(step: Step, steps: _Steps) -> Step:
    if (undone := _undone(step, steps)) is not None:
        return undone
    if (whole := _without_zero(step, steps)) is not None:
        return whole
    if (parts := _logarithms(step, steps)) is not None:
        return parts
    if step.operation == "log" and (inner := _after_one(steps, step.arguments[0])) is not None:
        step = Step("log1p", (inner,))
    if step.operation == "log1p" and steps[step.arguments[0]].operation == "exp":
        return Step("softplus", steps[step.arguments[0]].arguments)
    if step.operation == "/":
        return _sharper_quotient(step, steps)
    if (inner := _root_of_square(step, steps)) is not None:
        return Step("abs", (inner,))
    if (quotient := bump(step, steps, steps.place)) is not None:
        return quotient
    if (rest := _rest_to_one(step, steps)) is not None:
        return rest
    if (arms := _arms_of_radicand(step, steps)) is not None:
        return _root_of_arms(step, *arms, steps)
    if step.operation in ("*", "**") and (inner := _squared_sine(step, steps)) is not None:
        return _half_turned(inner, steps)
    return _times_fraction(step, steps) or step


def _rest_to_one(step: Step, steps: _Steps) -> Step | None:
    """What a step is that is 1 - g(u), 1 + g(u) or g(u) - 1, for a g that goes to 1 or to -1."""
    if step.operation not in ("+", "-"):
        return None
    ones = [steps[i].operation == "number" and steps[i].number == 1 for i in step.arguments]
    if not any(ones):
        return None
    inner = steps[step.arguments[ones[0]]]
    if step.operation == "-":
        rest = _complement(inner, steps)
        return Step("negate", (steps.place(rest),)) if rest and not ones[0] else rest
    if inner.operation in ("tanh", "erf"):  # odd: 1 + g(u) is 1 - g(-u)
        return _complement(Step(inner.operation, (_negated(inner.arguments[0], steps),)), steps)
    return None


def _complement(step: Step, steps: _Steps) -> Step | None:
    """The step 1 - g(u) that does not cancel."""
    match step.operation:
        case "erf":
            return Step("erfc", step.arguments)
        case "sigmoid" | "norm_cdf":
            return Step(step.operation, (_negated(step.arguments[0], steps),))
        case "tanh":
            two = steps.place(Step("number", (), 2.0))
            u = steps.place(Step("*", (two, _negated(step.arguments[0], steps))))
            return Step("*", (two, steps.place(Step("sigmoid", (u,)))))
    return None


def _negated(u: int, steps: _Steps) -> int:
    """The step -u."""
    if steps[u].operation == "negate":
        return steps[u].arguments[0]
    return steps.place(Step("negate", (u,)))


def _times_fraction(step: Step, steps: _Steps) -> Step | None:
    """Something times a fraction, also one that is chosen: u/6 may be a double, and 1/6 is none."""
    for factor, u in (step.arguments, step.arguments[::-1]) if step.operation == "*" else ():
        if (quotient := _divided(u, factor, steps)) is not None:
            return quotient
        if steps[factor].operation == "where":
            condition, fraction, other = steps[factor].arguments
            if (quotient := _divided(u, fraction, steps)) is not None:
                arms = quotient, Step("*", (other, u))
                return Step("where", (condition, *map(steps.place, arms)))
    return None


def _divided(u: int, fraction: int, steps: _Steps) -> Step | None:
    """A number times a fraction of two others, as a quotient; None where it is no such fraction."""
    parts = steps[fraction].arguments
    if steps[fraction].operation != "/" or any(steps[i].operation != "number" for i in parts):
        return None
    return Step("/", (steps.place(Step("*", (u, parts[0]))), parts[1]))


_UNDOES = {"log": "exp", "log1p": "expm1", "tan": "atan", "sinh": "asinh"}
_UNDOES_WHERE_DEFINED = {"exp": "log", "expm1": "log1p"}
"""What comes before, for u to be left of both."""


def _undone(step: Step, steps: _Steps) -> Step | None:
    """The u of log(exp(u)); of exp(log(u)) too, which has no value where log(u) has none."""
    inner = steps[step.arguments[0]] if step.arguments else Step("")
    if inner.operation == _UNDOES.get(step.operation, inner):
        return steps[inner.arguments[0]]
    if inner.operation == _UNDOES_WHERE_DEFINED.get(step.operation, inner):
        (place,) = step.arguments
        return Step("+", (inner.arguments[0], steps.place(Step("-", (place, place)))))
    return None


def _without_zero(step: Step, steps: _Steps) -> Step | None:
    """The u of u + 0, 0 + u and u - 0: what u is, a square say, is to be seen."""
    if step.operation not in ("+", "-"):
        return None
    zeros = [steps[i].operation == "number" and steps[i].number == 0 for i in step.arguments]
    if zeros[1]:
        return steps[step.arguments[0]]
    return steps[step.arguments[1]] if zeros[0] and step.operation == "+" else None


def _root_of_square(step: Step, steps: list[Step]) -> int | None:
    """The u of a step that is sqrt(u**2)."""
    half = step.operation == "**" and steps[step.arguments[1]].number == 0.5
    if step.operation != "sqrt" and not half:
        return None
    square = steps[step.arguments[0]]
    if square.operation == "**" and steps[square.arguments[1]].number == 2:
        return square.arguments[0]
    is_product = square.operation == "*" and square.arguments[0] == square.arguments[1]
    return square.arguments[0] if is_product else None


def _arms_of_radicand(step: Step, steps: _Steps) -> tuple[int, int] | None:
    """What is under the root, or a power that is not whole: u if u > 0, else the other.

    That is of max(0, u) and of abs(u), unless this is abs(x).
    """
    if step.operation not in ("sqrt", "**"):
        return None
    inner, exponent = steps[step.arguments[0]], steps[step.arguments[-1]]
    if step.operation == "**" and exponent.operation == "number" and exponent.number % 1 == 0:
        return None
    if inner.operation == "abs" and steps[inner.arguments[0]].operation != "x":
        (u,) = inner.arguments
        return u, steps.place(Step("negate", (u,)))
    if inner.operation == "max":
        for zero, u in (inner.arguments, inner.arguments[::-1]):
            if steps[zero].operation == "number" and steps[zero].number == 0:
                return u, zero
    return None


def _root_of_arms(step: Step, u: int, other: int, steps: _Steps) -> Step:
    """The root of each: so it is never one of what may be either."""
    zero = steps.place(Step("number", (), 0.0))
    rest = step.arguments[1:]
    above, beneath = (steps.place(step._replace(arguments=(a, *rest))) for a in (u, other))
    return Step("where", (steps.place(Step(">", (u, zero))), above, beneath))


def _squared_sine(step: Step, steps: _Steps) -> int | None:
    """The u of a step that is sin(u)**2."""
    base, other = step.arguments
    is_square = base == other if step.operation == "*" else steps[other].number == 2
    if not is_square or steps[base].operation != "sin":
        return None
    return steps[base].arguments[0]


def _half_turned(u: int, steps: _Steps) -> Step:
    """(1 - cos(2 u))/2, whose derivative is one sine: its bounds are taken exactly."""
    one, two = (steps.place(Step("number", (), number)) for number in (1.0, 2.0))
    cosine = steps.place(Step("cos", (steps.place(Step("*", (two, u))),)))
    return Step("/", (steps.place(Step("-", (one, cosine))), two))


def _logarithms(step: Step, steps: _Steps) -> Step | None:
    """What log((1 + exp(v))/(1 + exp(w))) is, softplus(v) - softplus(w)."""
    inner = steps[step.arguments[0]] if step.operation == "log" else step
    if step.operation != "log" or inner.operation != "/":
        return None
    powers = [_after_one(steps, i) for i in inner.arguments]
    if not all(i is not None and steps[i].operation == "exp" for i in powers):
        return None
    parts = [Step("softplus", steps[i].arguments) for i in powers if i is not None]
    return Step("-", (steps.place(parts[0]), steps.place(parts[1])))


def _sharper_quotient(step: Step, steps: _Steps) -> Step:
    """exp(v)/(1 + exp(v)) is sigmoid(v), 1/(1 + exp(v)) is sigmoid(-v), and so for x."""
    if (u := _under_tanh(step, steps)) is not None:
        return Step("tanh", (u,))
    u, w = step.arguments
    power = _after_one(steps, w)
    if power is None or steps[power].operation != "exp":
        return step
    (v,) = steps[power].arguments
    if u == power:
        return Step("sigmoid", (v,))
    if steps[u].operation not in ("number", "x"):
        return step
    gate = Step("sigmoid", (_negated(v, steps),))
    if steps[u].operation == "number" and steps[u].number == 1:
        return gate
    return Step("*", (u, steps.place(gate)))


def _under_tanh(step: Step, steps: _Steps) -> int | None:
    """The (v - w)/2 of (exp(v) - exp(w))/(exp(v) + exp(w)), where 1 is exp(0), or of sinh/cosh."""
    over, under = (steps[i] for i in step.arguments)
    if (over.operation, under.operation) == ("sinh", "cosh") and over.arguments == under.arguments:
        return over.arguments[0]
    is_pair = (over.operation, under.operation) == ("-", "+")
    if not is_pair or sorted(over.arguments) != sorted(under.arguments):
        return None
    exponents = []
    for power in (steps[i] for i in over.arguments):
        if power.operation == "exp":
            exponents.append(power.arguments[0])
        elif power.operation == "number" and power.number == 1:
            exponents.append(steps.place(Step("number", (), 0.0)))
        else:
            return None
    v, w = exponents
    if v == _negated(w, steps) or w == _negated(v, steps):
        return v
    difference = steps.place(Step("-", (v, w)))
    return steps.place(Step("/", (difference, steps.place(Step("number", (), 2.0)))))


def _after_one(steps: list[Step], i: int) -> int | None:
    """The u of a step that is 1 + u."""
    if steps[i].operation == "+":
        for one, other in (steps[i].arguments, steps[i].arguments[::-1]):
            if steps[one].operation == "number" and steps[one].number == 1:
                return other
    return None


def without_factors(program: Program) -> Program:
    """The program without the constant factors around it: it has the same zeros."""
    steps, end = program.steps, len(program.steps) - 1
    while (inner := _scaled(steps, end)) is not None:
        end = inner
    return pruned(steps, end)


def _scaled(steps: Sequence[Step], i: int) -> int | None:
    """The step that step i is a constant multiple of."""
    step = steps[i]
    if step.operation == "negate":
        return step.arguments[0]
    if step.operation in ("*", "/"):
        u, w = step.arguments
        if _is_constant(steps, w):
            return u
        if step.operation == "*" and _is_constant(steps, u):
            return w
    return None


def _is_constant(steps: Sequence[Step], i: int) -> bool:
    """Whether a step is a number or a parameter, of either sign."""
    if steps[i].operation == "negate":
        return _is_constant(steps, steps[i].arguments[0])
    return steps[i].operation in ("number", "parameter")
