"""Formulas that reach every corner of the language: each operation, size of number and trap."""

from __future__ import annotations

from random import Random

from actcli.activations import registry
from actcli.errors import UsageError
from actcli.formula.expression import Expression
from actcli.formula.primitives import FUNCTIONS

_PLAIN = ("0", "1", "2", "3", "0.5", "0.1", "1.702", "pi", "e", "1/3", "6", "10", "0.044715")
_EXPONENTS = (
    "2",
    "3",
    "4",
    "-1",
    "-2",
    "0",
    "1",
    "0.5",
    "1.5",
    "-0.5",
    "0.51",
    "1/3",
    "2.5",
    "7",
    "pi",
)
_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")

_IDENTITIES = (
    "({u} + {c}) - {u}",
    "sigmoid({u}) + sigmoid(-{u})",
    "tanh({u}) - expm1(2*{u})/(expm1(2*{u}) + 2)",
    "log(exp({u}))",
    "sqrt({u}**2)",
    "max({u}, {v}) + min({u}, {v}) - {v}",
    "sin({u})**2 + cos({u})**2",
    "exp({u})*exp(-{u})",
    "erf({u}) + erfc({u})",
    "{u} - log1p(expm1({u}))",
    "cosh({u}) - sinh({u})",
    "{u} + {t}",
    "{u}*(1 + {t}) - {u}",
    "relu({u}) - relu(-{u})",
    "softplus({u}) - softplus(-{u}) - {u}",
    "{u}/{u}",
    "({u}*{v})/{v}",
    "where({u} > {c}, {u} + {t}, {u})",
    "sqrt({u}**2 + 1) - {u}",
    "norm_cdf({u}) - 0.5*(1 + erf({u}/sqrt(2)))",
    "{u} % {c} - ({u} - {c}*floor({u}/{c}))",
    "2*{u}*0.1 + 1",
)
_NEEDLES = (
    "exp(-(({u} - {c})/{t})**2)",
    "where(abs({u} - {c}) < {t}, {v}, {u})",
    "{t}/(({u} - {c})**2 + {t}**2)",
    "where(({u} - {c})**2 < {t}, {v}, 0)",
    "tanh(({u} - {c})/{t})",
    "max(0, 1 - abs({u} - {c})/{t})",
    "{u}*({u} == {c})",
    "relu({u} - {c}) - relu({u} - {c} - {t})",
)


def random_formula(seed: int) -> str:
    """A formula of the language, the same for the same seed."""
    random = Random(seed)
    while True:
        text = _Writer(random).formula(random.choice((1, 2, 2, 3, 3, 4, 5)))
        if len(text) > 300 or "x" not in text.replace("exp", "").replace("max", ""):
            continue
        try:
            Expression(text)
        except UsageError:  # a constant of it overflows, a parameter is out of its range
            continue
        return text


class _Writer:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.choice = random.choice

    def formula(self, depth: int) -> str:
        """A formula of operations so deep within one another."""
        roll = self.random.random()
        if depth <= 0 or roll < 0.08:
            return self.leaf()
        inner = depth - 1
        if roll < 0.36:
            return self.unary(self.formula(inner))
        if roll < 0.60:
            other = self.formula(self.random.randint(0, inner))
            return f"({self.formula(inner)} {self.choice('+-*/+-*/%')} {other})"
        if roll < 0.68:
            return f"({self.formula(inner)})**{self.exponent(inner)}"
        if roll < 0.76:
            return f"{self.choice(('max', 'min'))}({self.formula(inner)}, {self.formula(0)})"
        if roll < 0.86:
            return self.where(inner)
        pattern = self.choice(_IDENTITIES if roll < 0.93 else _NEEDLES)
        return "(" + pattern.format(
            u=f"({self.formula(inner - 1)})", v=f"({self.formula(0)})",
            c=self.number(), t=f"{10.0 ** -self.random.uniform(0, 20):.3g}",
        ) + ")"  # fmt: skip

    def leaf(self) -> str:
        """Mostly x, moved and stretched."""
        return self.choice(
            ("x", "x", "x", "x", "(-x)", "{c}", "(x - {c})", "({c}*x)", "(x/{c})", "({c} - x)")
        ).format(c=self.number())

    def number(self) -> str:
        """A number of any size."""
        roll, random = self.random.random(), self.random
        if roll < 0.5:
            return self.choice(_PLAIN)
        if roll < 0.65:
            text = repr(random.uniform(-20, 20))
        elif roll < 0.8:
            text = f"{random.uniform(1, 10) * 10.0 ** random.uniform(-9, 9):.4g}"
        elif roll < 0.9:
            text = f"1e{random.randint(-300, 300)}"
        else:
            text = str(random.randint(-50, 50))
        return f"({text})" if text.startswith("-") else text

    def exponent(self, depth: int) -> str:
        """Mostly a constant."""
        roll = self.random.random()
        if roll < 0.1:
            return f"({self.formula(depth - 1)})"
        text = self.number() if roll < 0.2 else self.choice(_EXPONENTS)
        return f"({text})"

    def unary(self, u: str) -> str:
        """A function of one argument."""
        roll = self.random.random()
        if roll < 0.7:
            return f"{self.choice([*FUNCTIONS])}({u})"
        if roll < 0.78:
            return self.choice(("-({u})", "-floor(-({u}))", "floor({u} + 0.5)", "e**({u})")).format(
                u=u
            )
        if roll < 0.84:
            return f"min(max({u}, {self.number()}), {self.number()})"
        cls = self.choice([*registry.catalogue().values()])
        given = [
            f", {p.name}={self.choice([repr(float(example)) for example in p.examples] or ['1'])}"
            for p in cls.parameters()
            if self.random.random() < 0.5
        ]
        return f"{cls.name}({u}{''.join(given)})"

    def condition(self, depth: int) -> str:
        """A comparison, or several."""
        roll = self.random.random()
        u, v = self.formula(self.random.randint(0, max(depth, 0))), self.formula(0)
        if roll < 0.7:
            return f"{u} {self.choice(_COMPARISONS)} {v}"
        if roll < 0.8:
            return f"{self.number()} {self.choice('<>')} {u} <= {v}"
        if roll < 0.87:
            return f"not ({u} {self.choice(_COMPARISONS)} {v})"
        link, comparison = self.choice(("and", "or")), self.choice(_COMPARISONS)
        return f"({u} > {v} {link} x {comparison} {self.number()})"

    def where(self, depth: int) -> str:
        """A choice between two."""
        condition = self.condition(depth - 1)
        roll = self.random.random()
        if roll < 0.15:
            return f"({condition})"
        u, v = self.formula(depth), self.formula(self.random.randint(0, depth))
        if roll < 0.3:
            return f"({u} if {condition} else {v})"
        if roll < 0.4:
            return f"({u})*({condition})"
        return f"where({condition}, {u}, {v})"
