"""The formula language: what it accepts, and what it says of everything else."""

from __future__ import annotations

import math

import pytest

from actcli.activations.registry import catalogue
from actcli.errors import UsageError
from actcli.formula.expression import expression
from actcli.formula.primitives import CHOICES, FUNCTIONS

ACCEPTED = {
    "3": 3.0,
    "x": 2.0,
    "+x": 2.0,
    "-x**2": -4.0,
    "2**-x": 0.25,
    "2**x**0.5": 2**2**0.5,
    "x - 1 - 1": 0.0,
    "12/x/3": 2.0,
    "-7 % 3": 2.0,
    "-x % 3": 1.0,
    "1.5e1 + .5 + 1.": 16.5,
    "pi": math.pi,
    "e": math.e,
    "e**x": math.exp(2),
    "where(x > 1, 5, 6)": 5.0,
    "5 if x > 1 else 6": 5.0,
    "1 if x > 5 else 2 if x > 1 else 3": 2.0,
    "1 < x <= 2": 1.0,
    "x > 1 and x > 5 or x == 2": 1.0,
    "not x != 2": 1.0,
    "x*(x > 1)": 2.0,
    "max(1, x, 1.5)": 2.0,
    "min(1, x, 1.5)": 1.0,
    "elu(x) - 1": 1.0,
    "leaky_relu(-x, negative_slope=1/4)": -0.5,
    "LeakyReLU(-x, negative_slope=0.25)": -0.5,
    "softplus(x)": math.log1p(math.exp(2)),
    "softplus(x, beta=2)": math.log1p(math.exp(4)) / 2,
    "  x\n +\t1 ": 3.0,
    "np.tanh(x)": math.tanh(2),
    "math.pi*x + np.e": 2 * math.pi + math.e,
    "numpy.maximum(x, 3) - torch.exp(x)": 3 - math.exp(2),
    "torch.where(x > 1, x, 0)": 2.0,
    "leaky_relu(-x, 0.2)": -0.4,
    "hardtanh(x, -1, 1.5)": 1.5,
    "F.leaky_relu(-x, 0.2)": -0.4,
    "torch.nn.LeakyReLU(negative_slope=0.2)": 2.0,
    "nn.ELU(3)": 2.0,
    "nn.ELU(3)*0 + onnx.Elu(-x, alpha=2)": 2 * math.expm1(-2),
    "keras.activations.leaky_relu(-x)": -0.4,
    "keras.relu(x, 0.1, 1.5)": 1.5,
    "F.softplus(x, 2, 3)": 2.0,
    "F.softplus(x, beta=2)": math.log1p(math.exp(4)) / 2,
    "F.gelu(x, approximate='tanh') - gelu_tanh(x)": 0.0,
    'F.gelu(x, approximate="none") - gelu(x)': 0.0,
    "jax.nn.gelu(x) - gelu_tanh(x)": 0.0,
    "jax.nn.gelu(x, False) - gelu(x)": 0.0,
    "ln(x) + fabs(-x)": math.log(2) + 2,
    "cbrt(-4*x)": -2.0,
    "clip(x, -1, 1) + torch.clamp(x, min=3) + np.clip(x, a_min=0, a_max=1)": 5.0,
    "round(x + 0.5) + round(x - 0.5) + round(-x/4) + round(0.7*x)": 2 + 2 + 0 + 1,
    "ceil(x/4) + trunc(-x/4) + floor(-x/4)": 0.0,
    "log2(x) + log10(5*x) + exp2(x)": 6.0,
    "square(x) + pow(x, 3) + hypot(x, 0) + mod(5, x)": 15.0,
    "np.logaddexp(x, 0) - softplus(x)": 0.0,
    "reciprocal(x) + rsqrt(2*x) + heaviside(x - 2, 0.5)": 1.5,
    "scipy.special.expit(x) - sigmoid(x)": 0.0,
    "nn.LeakyReLU(0.2)(-x) + 1": 0.6,
    "nn.Tanh()(nn.Sigmoid()(x)) - tanh(sigmoid(x))": 0.0,
    "keras.layers.ReLU(max_value=6)(x + 3)*x/6": 5 / 3,
    "onnx.Neg(x) + onnx.Sqrt(x)": -2.0 + math.sqrt(2),
    "onnx.Clip(x, 0, 1) + onnx.Clip(x, 3) + onnx.Clip(x, max=1.5)": 5.5,
    "tf.clip_by_value(x, clip_value_min=0, clip_value_max=1)": 1.0,
    "np.arctanh(x/4)": math.atanh(0.5),
}

REFUSED = {
    "": "the formula is empty",
    " \n ": "the formula is empty",
    "x^2": "column 2: '^' is not allowed; powers are written **",
    "2x": "column 2: an operator is missing; a product is written 2*x",
    "2 x": "column 3: an operator is missing; a product is written 2*x",
    "3exp(x)": "column 2: an operator is missing; a product is written 3*exp",
    "2(x + 1)": "column 2: an operator is missing; a product is written *",
    "(x)(x)": "column 1: x is not a function; a product is written x*(...)",
    "x(2)": "column 1: x is not a function; a product is written x*(...)",
    "pi(2)": "column 1: pi is not a function",
    "x x": "column 3: an operator is missing",
    "1if x > 0 else 2": "column 2: a space is missing; write 1 if",
    "x +": "column 4: the formula ends",
    "x + * x": "column 5: cannot be read from here",
    "(x": "column 1: this '(' is never closed",
    "x)": "column 2: this ')' closes nothing",
    "max(x,,1)": "column 7: cannot be read",
    "sigmod(x)": "column 1: there is no function sigmod; did you mean sigmoid",
    "1 + fmod(x, 2)": "column 5: fmod is not known here; write a % b",
    "1 + np.tanh": "column 5: tanh is a function; write tanh(x)",
    "1 + tanh(x)(x)": "column 5: only a function can be called; a product is written with *",
    "nn.Tanh(x)(x)": "column 1: only a function can be called",
    ".5(x)": "column 3: an operator is missing",
    "np.gelu(x)": "column 1: np.gelu is not known here; there is gelu(x)",
    "torch.snake(x)": "column 1: torch has no activation 'snake'",
    "torch.softmax(x)": "column 1: torch.softmax is not a function of one number",
    "F.gelu(x, approximate='erf')": "column 1: torch.gelu: approximate must be none or tanh",
    "F.gelu(x, approximate=x)": "column 1: torch.gelu: approximate must be none or tanh",
    "F.elu(x, 1, 2)": "column 1: torch.elu does not take that many arguments",
    "F.elu(x, alpha='a')": "column 1: the parameter alpha is a number, not 'a'",
    "F.elu()": "column 1: torch.elu is a function of x; write torch.elu(x)",
    "x.pi": "column 2: '.' is not allowed",
    "math.inf": "column 1: inf is not a finite number",
    "clip(x)": "column 1: write clip(x, min, max) or clip(x, min)",
    "round(x, 2)": "column 1: write round(x)",
    "elu(x, 1, alpha=1)": "column 11: the parameter alpha is given twice",
    "qwertyuiop(x)": "there is no function qwertyuiop; there are abs",
    "tanh": "column 1: tanh is a function; write tanh(x)",
    "1 + relu": "column 5: relu is a function; write relu(x)",
    "y": "column 1: y is not known; the variable is x",
    "X": "the variable is x",
    "inf": "column 1: inf is not a finite number",
    "1e999": "column 1: 1e999 is not a finite number",
    "9**9**9": "column 1: 9**9**9 is not a finite number",
    "x + 1/0": "column 5: 1/0 is not a finite number",
    "log(0)*x": "column 1: log(0) is not a finite number",
    "tanh(x, x)": "column 1: tanh takes 1 argument, not 2",
    "tanh()": "column 1: tanh takes 1 argument, not 0",
    "max(x)": "column 1: max takes two arguments or more, not 1",
    "where(x, 1, 2)": "column 7: a condition is expected here, such as x > 0",
    "where(x > 0, 1)": "column 1: where takes 3 arguments, not 2",
    "x and 1": "column 1: a condition is expected here",
    "relu(x, 2)": "column 1: relu takes one argument",
    "relu(x, a=2)": "column 9: relu has no parameter a; it has no parameters",
    "elu(x, beta=2)": "column 8: elu has no parameter beta; its parameters are alpha",
    "celu(x, alpha=0/1)": "column 1: celu: alpha must not be 0: the formula divides by it",
    "elu(x, alpha=x)": "column 14: the parameter alpha cannot depend on x",
    "elu(x, **x)": "column 8: elu has no parameter **",
    "tanh(*x)": "column 6: '*' cannot stand in front of an argument",
    "x = 3": "column 3: '=' only sets a parameter",
    "x // 2": "column 3: division is written /",
    "True": "column 1: write a condition such as x > 0, or a number",
    "None": "column 1: only numbers, x, operators and function calls",
    "x is x": "column 3: an operator is missing",
    "x in (x, 1)": "column 3: an operator is missing",
    "(x, 1)": "column 1: only numbers, x, operators and function calls",
    "max": "column 1: max is a function",
    "x \u2212 1": "column 3: the character U+2212 is not allowed; use the ASCII minus -",
    "\u03c0*x": "column 1: the character U+03C0 is not allowed; write pi",
    "x\u00b2": "column 2: the character U+00B2 is not allowed; a square is written **2",
    "x\0": "column 2: the character U+0000 is not allowed",
    "'x'": 'column 1: "\'" is not allowed',
    'f"{x}"': "column 2: '\"' is not allowed",
    "x.real": "column 2: '.' is not allowed; a function is written by its name",
    "os.system(x)": "column 3: '.' is not allowed",
    "lambda: x": "column 7: ':' is not allowed",
    "(y := x)": "column 4: ':' is not allowed",
    "[x for x in x]": "column 1: '[' is not allowed; use parentheses",
    "{x}": "column 1: '{' is not allowed",
    "|x|": "column 1: '|' is not allowed; an absolute value is written abs(...)",
    "x; x": "column 2: ';' is not allowed",
    "x # y": "column 3: '#' is not allowed",
    "x @ x": "column 3: '@' is not allowed",
    "~x": "column 1: '~' is not allowed",
    "x if x > 0": "cannot be read",
    "01": "cannot be read",
    "0x10": "column 2: an operator is missing",
    "1_000": "column 2: an operator is missing",
    "1j*x": "column 2: an operator is missing",
    "9" * 400: "is not a finite number",
    "9" * 5000: "column 1: 999999999999999999999999999... is not a finite number",
    "x" * 10_001: "the formula has 10001 characters; the most is 10000",
    "(" * 4999 + "x" + ")" * 4999: "column 101: more than 100 parentheses",
    "-" * 9000 + "x": "more than 200 operations within one another",
    "not " * 2400 + "x": "operations within one another",
    "x" + "**x" * 3000: "more than 200 operations within one another",
    "x" + "+x" * 4900: "more than 200 operations within one another",
    "x" + "+x" * 300: "more than 200 operations within one another",
    "abs(" * 99 + "x" + " if x" * 50 + ")" * 99: "cannot be read",
}

REACHING_OUT = [
    "__import__('os').system('true')",
    "__import__(x)",
    "eval(x)",
    "open(x)",
    "().__class__",
    "x.__class__",
    "exp.__globals__",
    "getattr(x, x)",
    "breakpoint()",
    "exit()",
    "print(x)",
    "globals()",
    "f'{x}'",
    "(lambda: x)()",
    "x.__class__.__mro__[1].__subclasses__()",
    "float('nan')",
    "await x",
    "yield x",
    "__builtins__",
    "__debug__",
]


@pytest.mark.parametrize(("text", "at_two"), ACCEPTED.items())
def test_what_the_language_means(text: str, at_two: float) -> None:
    assert expression(text).value(2.0) == pytest.approx(at_two, rel=1e-15)


@pytest.mark.parametrize(("text", "message"), REFUSED.items(), ids=range(len(REFUSED)))
def test_what_is_refused_and_how(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        expression(text)
    said = str(caught.value)
    assert message in said
    assert said.isascii()
    assert "\n" not in said
    assert len(said) < 300


@pytest.mark.parametrize("text", REACHING_OUT)
def test_no_formula_reaches_python(text: str) -> None:
    with pytest.raises(UsageError):
        expression(text)


def test_every_name_of_the_catalogue_is_a_function() -> None:
    for name in catalogue():
        assert expression(f"{name}(x)").formula == f"{name}(x)"


def test_a_primitive_wins_over_the_catalogue() -> None:
    for name in {*FUNCTIONS, *CHOICES} & set(catalogue()):
        assert all(step.activation is None for step in expression(f"{name}(x)").program.steps)


def test_common_subexpressions_are_computed_once() -> None:
    assert len(expression("exp(x)/(1 + exp(x))").program.steps) == 5


def test_an_expression_is_a_value_that_says_what_was_typed() -> None:
    f = expression("  x *  tanh( x )")
    assert str(f) == f.formula == "x * tanh( x )"
    assert f == expression("x * tanh( x )") != expression("x")
    assert len({f, expression("x * tanh( x )")}) == 1
    assert f.params == {}
