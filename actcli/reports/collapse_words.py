"""A collapse answer in words: the verdict, then the evidence of each fold and of the break."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from actcli.networks.folding.results import AsConvolution, Collapse, LayerFacts, RunFacts, Saved
from actcli.networks.layers import shape_text
from actcli.networks.network import span
from actcli.numeric.display import short
from actcli.reports.matrices import equation, is_small

LONGEST_WAY = 8
"""Shapes of a run that are said one by one."""

FEW = 4
"""Folds whose evidence is said one by one; of more, that of the one nearest to its bound."""

SUMMED = 3
"""Layers up to which the bias of a product is written as a sum."""

_ORDERS = {
    "from the output": "from the output side",
    "from the input": "from the input side",
    "mixed": "in a mixed order",
}


def verdict(answer: Collapse) -> Iterator[str]:
    """What a person reads above the table: what folds, what that saves, what was saved."""
    folds = [run for run in answer.runs if run.is_fold]
    if answer.is_one_run and folds:
        yield from _about_whole(answer, folds[0])
    else:
        if answer.refutation:
            yield f"Not one matrix: {', '.join(answer.refutation.by)} in between."
        yield _about_parts(answer, folds)
    for barrier in answer.barriers:
        if barrier.after is None:
            yield f"Not folded: {barrier.name}: {barrier.why}."
    if answer.saved:
        yield from _about_saved(answer.saved)


def _about_whole(answer: Collapse, run: RunFacts) -> Iterator[str]:
    before, after = run.multiply_adds_before, run.multiply_adds_after
    count = len(run.layers)
    layers = f"its {count} layers fold" if count > 1 else f"{answer.layers[0].name} folds"
    one = f"{layers} into one {form(run)}{_multiple_of_identity(run)}"
    what = f"{way(answer, run)} is one linear layer: {one}"
    numbers = (
        f"{after:,} multiply-adds in place of {before:,}, "
        f"{run.parameters_after:,} parameters in place of {run.parameters_before:,}"
    )
    if after < before:
        yield f"{what}. That is {numbers}."
    else:
        yield f"{what}. It does not pay: {numbers}."
        yield from _about_groups(run)


def _about_groups(run: RunFacts) -> Iterator[str]:
    if run.multiply_adds_best < min(run.multiply_adds_before, run.multiply_adds_after):
        yield f"Least work: fold {least(run)}, {run.multiply_adds_best:,} multiply-adds."


def least(run: RunFacts) -> str:
    """What to fold of a run for the least work, where that is not all of it in one."""
    groups = [group for group in run.best if len(group) > 1]
    return f"{named(groups)} alone" if groups else "inside of layers alone"


def _about_parts(answer: Collapse, folds: Sequence[RunFacts]) -> str:
    paying = [run for run in folds if run.multiply_adds_best < run.multiply_adds_before]
    words = answer.source.split()
    many = len(words) > 3 * LONGEST_WAY
    name = f"{' '.join(words[:LONGEST_WAY])} ... {words[-1]}" if many else answer.source
    alone = len(answer.runs) - len(folds)
    if not answer.runs:
        refused = any(barrier.layers for barrier in answer.barriers)
        why = "for the reasons below" if refused else "there is no layer that is read as linear"
        return f"{name}: nothing is folded, {why}."
    if not folds:
        whose = "its one linear layer stands" if alone == 1 else f"its {alone} linear layers stand"
        return f"{name}: nothing to fold, {whose} alone."
    runs = f"{len(folds)} runs of linear layers" if len(folds) > 1 else "one run of linear layers"
    if not paying:
        return f"{name} has {runs}; as one layer {'each' if len(folds) > 1 else 'it'} is more work."
    linear = [layer for layer in answer.layers if layer.linear]
    before = sum(layer.multiply_adds for layer in linear)
    after = before - sum(run.multiply_adds_before - run.multiply_adds_best for run in paying)
    work = f"{before:,} multiply-adds become {after:,} ({100 * after / before:.3g} %)"
    if all(len(run.best) == 1 and _is_least(run) for run in paying):
        kept = sum(layer.parameters for layer in linear)
        gone = sum(run.parameters_before - run.parameters_after for run in paying)
        work += f", {kept:,} parameters become {kept - gone:,}"
    which = "" if len(paying) == len(folds) else f", of which it pays to fold {len(paying)}"
    return f"{name} has {runs} to fold{which}: {work}."


def _is_least(run: RunFacts) -> bool:
    return run.multiply_adds_best == run.multiply_adds_after


def named(groups: Sequence[Sequence[int]]) -> str:
    """Layers by their numbers, as in `layers 1-3, 5`."""
    few = sum(map(len, groups)) == 1
    return f"layer{'' if few else 's'} {', '.join(map(span, groups))}"


def way(answer: Collapse, run: RunFacts) -> str:
    """The shapes on the way through a run, as in `4 -> 8 -> 8 -> 3`."""
    words = [shape_text(run.input_shape)]
    words += [
        shape_text(layer.output_shape)
        for layer in (answer.layers[number - 1] for number in run.layers)
        if layer.input_shape != layer.output_shape
        or layer.multiply_adds > math.prod(layer.input_shape)
    ]
    if len(words) > LONGEST_WAY:
        words = [words[0], f"({len(words) - 2} more)", words[-1]]
    return " -> ".join(words)


def form(run: RunFacts) -> str:
    """What a run folds to, as in `3x4 matrix`."""
    kernel = "x".join(map(str, run.kernel_shape or run.matrix_shape))
    match run.form:
        case "scale":
            return "elementwise scale"
        case "rows":
            return f"{kernel} matrix for every row"
    return f"{kernel} {run.form}"


def _multiple_of_identity(run: RunFacts) -> str:
    matrix = run.matrix
    if matrix is None or matrix.shape[0] != matrix.shape[1]:
        return ""
    if not np.array_equal(matrix, matrix[0, 0] * np.eye(len(matrix))):
        return ""
    plus = "" if run.bias is None or not run.bias.any() else " + b"
    return f", y = {short(matrix[0, 0])} x{plus}"


def _about_saved(saved: Saved) -> Iterator[str]:
    before, after = saved.multiply_adds_before, saved.multiply_adds_after
    if saved.folds:
        work = f"{before:,} multiply-adds become {after:,}"
        yield f"Saved {saved.path}: folded {named(saved.folds)}; {work}."
    else:
        yield f"Saved {saved.path}: no fold shrinks the work, all stays (--always folds)."
    agreed = saved.agreement
    if agreed.deviation is None:
        yield f"  The two were not compared: {agreed.unknown}."
        return
    if agreed.fold_deviation is not None:
        yield (
            "  Each fold, on what reaches it, gives what its layers give: at most "
            f"{agreed.fold_deviation:.3g} apart where rounding explains {agreed.fold_bound:.3g}."
        )
    limit = f"bound {agreed.bound:.3g}" if agreed.bound is not None else f"{agreed.unknown}"
    yield f"  Its outputs are within {agreed.deviation:.3g} of the original's ({limit})."


def evidence(answer: Collapse, every: bool = False) -> Iterator[str]:
    """What a person reads below the verdict: the matrices, and why each fold is right."""
    folds = [run for run in answer.runs if run.is_fold]
    if len(folds) > FEW and not every:
        yield ""
        yield f"Each of {len(folds)} folds gives what its layers give; {_nearest(folds)}."
        folds = []
    for run in folds:
        head = "" if answer.is_one_run else f"{named([run.layers]).capitalize()}: "
        if lines := list(_matrices(answer, run)):
            yield ""
            yield from [f"{head}y = W x{'' if run.bias is None else ' + b'}"] if head else []
            yield from lines
        yield ""
        yield f"{head}at {_proof(run)}" if head else f"At {_proof(run)}"
    for same in answer.as_convolution:
        yield ""
        yield _about_convolution(same)


def _proof(run: RunFacts) -> str:
    inputs = "one random input" if run.inputs == 1 else f"{run.inputs} random inputs"
    measured = (
        f"{inputs} layers and fold differ by at most {run.deviation:.3g}; "
        f"rounding in {run.precision} explains up to {run.bound:.3g}."
    )
    exact, order, numbers = "", "", []
    if run.exact:
        exact = (
            f" In exact integers ({run.exact.bits} bits) they differ by {run.exact.deviation:g}."
        )
    if run.order in _ORDERS:
        order = f" Multiplied {_ORDERS[run.order]}"
        order += f", {run.product}." if run.product and len(run.product) <= 24 else "."
    if run.rank is not None:
        numbers.append(f" Rank {run.rank} of at most {run.rank_at_most}")
    if run.condition is not None and math.isfinite(run.condition):
        numbers.append(f"condition {run.condition:.4g}")
    return measured + exact + order + ", ".join(numbers) + ("." if numbers else "")


def _nearest(folds: Sequence[RunFacts]) -> str:
    """The fold that comes nearest to its bound."""
    run = max(folds, key=lambda run: run.deviation / run.bound if run.bound else 0.0)
    layers = named([run.layers])
    return f"nearest to its bound come {layers}, {run.deviation:.3g} of {run.bound:.3g}"


def _matrices(answer: Collapse, run: RunFacts) -> Iterator[str]:
    """The fold beside what it is the product of, where all of it is small."""
    if run.matrix is None or not is_small(run.matrix):
        return
    layers = [answer.layers[number - 1] for number in run.layers]
    product, total = "W", "b"
    if all(map(_is_small_dense, layers)):
        width = len(f"W{layers[-1].number}")
        for layer in layers:
            assert layer.weight is not None
            yield from _indented(f"W{layer.number}".ljust(width), layer.weight)
            if layer.bias is not None:
                yield from _indented(f"b{layer.number}".ljust(width), layer.bias)
        product, total = f"W = {run.product}" if run.product else "W", _sum(layers)
        yield ""
    yield f"  The fold, {product}{'' if run.bias is None else f' and {total}'}:"
    yield from _indented("W", run.matrix)
    if run.bias is not None:
        yield from _indented("b", run.bias)


def _is_small_dense(layer: LayerFacts) -> bool:
    weight = layer.weight
    shapes = (*layer.output_shape, *layer.input_shape)
    return weight is not None and weight.shape == shapes and is_small(weight)


def _sum(layers: Sequence[LayerFacts]) -> str:
    """The bias of a product, as in `b = W2 b1 + b2`."""
    if len(layers) > SUMMED:
        return "b"
    text = ""
    for layer in layers:
        if text:
            text = f"W{layer.number} ({text})" if "+" in text else f"W{layer.number} {text}"
        if layer.bias is not None:
            text = f"{text} + b{layer.number}" if text else f"b{layer.number}"
    return f"b = {text}"


def _indented(name: str, matrix: np.ndarray) -> Iterator[str]:
    return (f"  {line}" for line in equation(name, matrix))


def _about_convolution(same: AsConvolution) -> str:
    outputs, inputs = same.dense_shape
    kernel = "x".join(map(str, same.kernel_shape))
    other = ""
    if same.wrong_layout is not None:
        other = f"; flattened pixel by pixel instead it is off by {same.wrong_layout:.3g}"
    return (
        f"Layer {same.layer}: dense {inputs} -> {outputs} is a convolution of a "
        f"{shape_text(same.image_shape)} image with a {kernel} kernel, {same.weights:,} weights; "
        f"they differ by {same.deviation:.3g} (bound {same.bound:.3g}){other}."
    )
