"""How many wrong certificates the checker refutes, over the catalogue and more formulas.

`python -m tests.certificates.sweep [MUTANTS] [EPS] [SEED]`: so many of each certificate (0: all of
them), for answers at that threshold. It prints every one that passes.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Sequence

from tests.certificates.asked import QUESTIONS, asked
from tests.certificates.checker import CONFIRMED, Checker
from tests.certificates.mutants import mutants


def sweep(
    questions: Sequence[tuple[str, str]], count: int = 12, eps: float = 1e-3, seed: int = 0
) -> tuple[Counter[str], Counter[str], list[str]]:
    """What is said of certificates and of their mutants, and what is not as it should be."""
    chosen, whole, changed = random.Random(seed), Counter[str](), Counter[str]()
    wrong = []
    for question, text in questions:
        for certificate in asked(question, text, eps):
            checker = Checker()
            said, why = checker.judged(certificate)
            said = said if certificate["answer"]["proved"] else f"{said} but for what is open"
            whole[said] += 1
            if said != CONFIRMED:
                wrong.append(f"{question} {text}: {said}: {why}")
                continue
            some = [*mutants(certificate)]
            for what, mutant in chosen.sample(some, min(count, len(some))) if count else some:
                said, _ = checker.judged(mutant)
                changed[said] += 1
                if said == CONFIRMED:
                    wrong.append(f"{question} {text}: {what}: {said}")
    return whole, changed, wrong


if __name__ == "__main__":
    kinds = (int, float, int)
    given = [kind(one) for kind, one in zip(kinds, sys.argv[1:], strict=False)]
    whole, changed, wrong = sweep(QUESTIONS, *given)
    print(*wrong, f"certificates: {dict(whole)}", f"mutants: {dict(changed)}", sep="\n")
