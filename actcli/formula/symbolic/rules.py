"""A formula made shorter by a few rules, each of which holds wherever both sides are defined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from actcli.formula.primitives import COMPARISONS
from actcli.formula.symbolic.conditions import chosen, compared, joined, negated
from actcli.formula.symbolic.term import ONE, ZERO, Term, addends, powers, product, total

Factors = Mapping[Term, Fraction]
Change = Sequence[tuple[Term, Fraction | int]]
"""The powers by which a product is multiplied."""


def tidied(one: Term) -> Term:
    """The formula with every part of it by the rules."""
    return _tidied(one, {})


def _tidied(one: Term, known: dict[Term, Term]) -> Term:
    if one not in known:
        known[one] = _rebuilt(one, known)
    return known[one]


def _rebuilt(one: Term, known: dict[Term, Term]) -> Term:
    match one.operation:
        case "sum":
            return _mirrored(total((_tidied(part, known), c) for part, c in one.parts))
        case "product":
            coefficient, factors = powers(one)
            inner = [(_tidied(factor, known), power) for factor, power in factors.items()]
            return _by_rules(product(inner, coefficient))
    parts = [_tidied(part, known) if isinstance(part, Term) else part for part in one.parts]
    if one.operation in COMPARISONS:
        return compared(one.operation, *parts)
    if one.operation in ("and", "or"):
        return joined(one.operation, *parts)
    if one.operation == "not":
        return negated(*parts)
    return chosen(*parts) if one.operation == "where" else Term(one.operation, *parts)


def _mirrored(one: Term) -> Term:
    """The sum a + sigmoid(u) - 1 is a - sigmoid(-u), sigmoid(-u) - sigmoid(-v) turns its signs.

    1 - sigmoid(u) alone stays as people write it.
    """
    parts = dict(addends(one))
    for gate, c in parts.items() if len(parts) > 2 else ():
        if gate.operation == "sigmoid" and parts.get(ONE) == -c:
            rest = ((part, k) for part, k in parts.items() if part not in (gate, ONE))
            return _mirrored(total([*rest, (Term("sigmoid", -gate.parts[0]), -c)]))
    gates = [(gate.parts[0], c) for gate, c in parts.items() if gate.operation == "sigmoid"]
    is_turned = len(gates) == len(parts) == 2 and all(_falls(u) for u, _ in gates)
    if is_turned and not sum(c for _, c in gates):
        return total((Term("sigmoid", -u), -c) for u, c in gates)
    return one


def _falls(one: Term) -> bool:
    """Whether all that is not a number in it is subtracted."""
    return all(c < 0 for part, c in addends(one) if part != ONE)


def _by_rules(one: Term) -> Term:
    coefficient, factors = powers(one)
    for rule in (_quotient, _logistic, _root, _sign, _ramp):
        for factor, power in factors.items():
            if change := rule(factor, power, factors):
                return _by_rules(product([*factors.items(), *change], coefficient))
    return (
        _choice_of_numbers(coefficient, factors) or _choice_of_a_root(coefficient, factors) or one
    )


def _choice_of_a_root(coefficient: Fraction, factors: Factors) -> Term | None:
    """where(c, a, 0)/sqrt(u), which is 0 where c fails, is where(c, a/sqrt(u), 0): no 0/0 there."""
    if any(-1 < power < 0 for power in factors.values()):
        for choice, power in factors.items():
            if choice.operation == "where" and power >= 1 and choice.parts[2] == ZERO:
                condition, yes, _ = choice.parts
                rest = {factor: n for factor, n in factors.items() if factor != choice}
                inner = product([*rest.items(), (yes, power)], coefficient)
                return chosen(condition, _by_rules(inner), ZERO)
    return None


def _choice_of_numbers(coefficient: Fraction, factors: Factors) -> Term | None:
    """2*where(c, 1, 0) is where(c, 2, 0)."""
    if len(factors) == 1:
        ((choice, power),) = factors.items()
        if choice.operation == "where" and power == 1:
            condition, yes, no = choice.parts
            if yes.rational is not None and no.rational is not None:
                return chosen(condition, yes * coefficient, no * coefficient)
    return None


def _quotient(one: Term, power: Fraction, factors: Factors) -> Change:
    """sin(u)/cos(u) is tan(u), sinh(u)/cosh(u) is tanh(u)."""
    below, quotient = {"sin": ("cos", "tan"), "sinh": ("cosh", "tanh")}.get(one.operation, ("", ""))
    divisor = Term(below, *one.parts)
    if factors.get(divisor) != -power or power.denominator > 1:
        return ()
    return (one, -power), (divisor, power), (Term(quotient, *one.parts), power)


def _logistic(one: Term, power: Fraction, factors: Factors) -> Change:
    """1/(1 + exp(-u)) is sigmoid(u), and exp(u)*sigmoid(-u) too."""
    if one.operation == "sum" and power < 0 and power.denominator == 1:
        exponents = [part.parts[0] for part, _ in one.parts if part.operation == "exp"]
        for u in exponents:
            if dict(addends(one)) == {ONE: 1, Term("exp", u): 1}:
                return (one, -power), (Term("sigmoid", -u), -power)
    if one.operation == "exp" and power >= 1:
        other = Term("sigmoid", -one.parts[0])
        if factors.get(other, 0) >= 1:
            return (one, -1), (other, -1), (Term("sigmoid", *one.parts), 1)
    return ()


def _root(one: Term, power: Fraction, factors: Factors) -> Change:
    """sqrt(u**2) is abs(u)."""
    if one.operation == "product" and one.parts[0] == 1 and len(one.parts) == 2:
        u, exponent = one.parts[1]
        if exponent % 2 == 0 and power.denominator == 2:
            return (one, -power), (Term("abs", u), exponent * power)
    return ()


def _sign(one: Term, power: Fraction, factors: Factors) -> Change:
    """sign(u)*u is abs(u), sign(u)*abs(u) is u, abs(u)**2 is u**2, u/abs(u) is sign(u).

    sign(u)**3 is sign(u), and sign(u)**2/abs(u) is 1/abs(u): it has no value where u is 0.
    """
    if one.operation == "abs" and power % 2 == 0:
        return (one, -power), (one.parts[0], power)
    if one.operation == "abs" and power == -1 and factors.get(one.parts[0]) == 1:
        return (one, 1), (one.parts[0], -1), (Term("sign", *one.parts), 1)
    if one.operation == "sign" and power >= 2 and power.denominator == 1:
        kept = power % 2 if factors.get(Term("abs", *one.parts), 0) < 0 else 2 - power % 2
        if kept != power:
            return ((one, kept - power),)
    if one.operation == "sign" and power == 1:
        (u,) = one.parts
        size = Term("abs", u)
        if factors.get(size, 0) >= 1:
            return (one, -1), (size, -1), (u, 1)
        if factors.get(u, 0) == 1:
            return (one, -1), (u, -1), (size, 1)
    return ()


def _ramp(one: Term, power: Fraction, factors: Factors) -> Change:
    """max(u, 0)*where(u > 0, a, 0) is max(u, 0)*a."""
    if one.operation == "max" and power > 0 and ZERO in one.parts:
        (u,) = (part for part in one.parts if part != ZERO)
        for choice, exponent in factors.items():
            if choice.operation == "where" and exponent == 1:
                condition, yes, no = choice.parts
                if no == ZERO and condition == compared(">", u, ZERO):
                    return (choice, -1), (yes, 1)
    return ()
