"""Training as a whole: what is stated is what happens."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import log_softmax

from actcli.find import find
from actcli.networks.training.data import GENERATED, generated
from actcli.networks.training.epochs import batches
from actcli.networks.training.results import middle
from actcli.networks.training.settings import Settings
from actcli.networks.training.train import splits, train
from actcli.reports.train import TrainingReport

QUICK = Settings(epochs=3)


@pytest.mark.parametrize("name", GENERATED)
def test_the_problems_are_drawn_by_seed(name: str) -> None:
    one, same, other = generated(name), generated(name), generated(name, seed=1)
    assert np.array_equal(one.x, same.x)
    assert np.array_equal(one.target, same.target)
    assert not np.array_equal(one.x, other.x)
    assert one.x.shape == (400, 1 if name == "sine" else 2)
    assert np.abs(one.x).max() <= 1
    if one.classes:
        assert 0.4 < one.labels.mean() < 0.6


def test_the_same_seed_is_the_same_answer() -> None:
    data = generated("moons")
    one, same = (train(find("gelu"), data, QUICK).answer for _ in range(2))
    assert one == same
    other = train(find("gelu"), data, replace(QUICK, seed=1)).answer
    assert one.runs[0].loss != other.runs[0].loss


@pytest.mark.parametrize("folds", [None, 7])
def test_splits_share_nothing_and_leave_nothing_out(folds: int | None) -> None:
    data = generated("circle", 100)
    found = list(splits(data, replace(QUICK, folds=folds)))
    assert len(found) == (folds or 1)
    for inside, outside in found:
        assert sorted([*inside, *outside]) == list(range(100))
    if folds:
        assert sorted(np.concatenate([outside for _, outside in found])) == list(range(100))


def test_an_epoch_takes_every_point_once() -> None:
    drawn = list(batches(np.random.default_rng(0), 10, 4))
    assert [len(batch) for batch in drawn] == [4, 4, 2]
    assert sorted(np.concatenate(drawn)) == list(range(10))


def test_losses_and_accuracies_are_those_of_the_network() -> None:
    data = generated("circle")
    trained = train(find("tanh"), data, QUICK)
    run, net = trained.answer.runs[0], trained.networks[0]
    ((inside, outside),) = splits(data, QUICK)
    hidden = data.x
    for w, b in zip(net.weights[:-1], net.biases[:-1], strict=True):
        hidden = np.tanh(hidden @ w.T + b)
    outputs = hidden @ net.weights[-1].T + net.biases[-1]
    minus_log = -log_softmax(outputs, axis=1)[np.arange(400), data.labels]
    right = outputs.argmax(axis=1) == data.labels
    assert run.loss[-1] == pytest.approx(minus_log[inside].mean(), rel=1e-12)
    assert run.test_loss == pytest.approx(minus_log[outside].mean(), rel=1e-12)
    assert run.train_accuracy == right[inside].mean()
    assert run.test_accuracy == right[outside].mean()
    assert run.accuracy == right.mean()
    assert len(run.loss) == QUICK.epochs + 1


def test_a_dead_unit_is_flat_at_every_training_point() -> None:
    data = generated("circle")
    settings = replace(QUICK, optimizer="sgd", lr=3.0, epochs=30)
    trained = train(find("relu"), data, settings)
    ((inside, _),) = splits(data, settings)
    dead = 0
    for z in trained.networks[0].pre_activations(data.x[inside]):
        dead += int((z <= 0).all(axis=0).sum())
    assert trained.answer.runs[0].dead_units == dead > 8
    leaky = train(find("leaky_relu"), data, settings).answer
    assert leaky.runs[0].dead_units == 0


@pytest.mark.parametrize("hidden", [(), (8, 8)])
@pytest.mark.parametrize("name", ["circle", "xor"])
def test_a_linear_network_stays_below_its_bound(name: str, hidden: tuple[int, ...]) -> None:
    data = generated(name)
    settings = Settings(hidden=hidden, repeat=2, epochs=30)
    trained = train(find("identity"), data, settings)
    answer = trained.answer
    assert answer.linear_bound is not None
    assert answer.linear_bound_test is not None
    for run in answer.runs:
        assert run.accuracy is not None
        assert run.accuracy <= answer.linear_bound.accuracy
        assert run.test_accuracy is not None
        assert run.test_accuracy <= answer.linear_bound_test.accuracy
    assert answer.collapsed is not None
    outputs = data.x @ answer.collapsed.weight.T + answer.collapsed.bias
    assert outputs == pytest.approx(trained.networks[0](data.x), abs=1e-12)


@pytest.mark.parametrize(("name", "hidden"), [("tanh", 8), ("relu", 8), ("gelu", 8)])
def test_one_hidden_layer_draws_the_circle(name: str, hidden: int) -> None:
    settings = Settings(hidden=(hidden,), repeat=3)
    answer = train(find(name), generated("circle"), settings).answer
    assert answer.median.test_accuracy is not None
    assert answer.median.test_accuracy >= 0.97


def test_a_parameter_is_learned_and_not_decayed() -> None:
    """One step, with and without decay: the weights differ, the learned parameter does not."""
    data = generated("sine")
    settings = Settings(epochs=1, batch=None, learn_params=True, optimizer="sgd")
    plain, decayed = (
        train(find("prelu"), data, replace(settings, weight_decay=decay)) for decay in (0.0, 0.1)
    )
    learned = plain.answer.runs[0].params["weight"]
    assert learned == decayed.answer.runs[0].params["weight"] != 0.25
    assert not np.array_equal(plain.networks[0].weights[0], decayed.networks[0].weights[0])
    kept = train(find("prelu"), data, replace(settings, learn_params=False)).answer
    assert kept.runs[0].params["weight"] == 0.25


def test_divergence_is_a_result() -> None:
    data = generated("sine")
    answer = train(find("cube"), data, Settings(optimizer="sgd", lr=1e6, init="he")).answer
    run = answer.runs[0]
    assert run.diverged_in is not None
    assert not math.isfinite(run.loss[-1])
    assert len(run.loss) == run.diverged_in + 1
    assert answer.median.loss is None
    assert (
        TrainingReport(answer).sentences()[0]
        == "cube: diverged in epoch 1: the loss is no longer finite."
    )


def test_a_network_that_diverged_has_nothing_right() -> None:
    settings = Settings(optimizer="sgd", lr=1e6, init="he")
    answer = train(find("cube"), generated("circle"), settings).answer
    assert answer.runs[0].diverged_in
    assert answer.runs[0].accuracy == answer.median.test_accuracy == 0


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([3.0, 1.0, 2.0], 2.0),
        ([None, 1.0, 2.0], 2.0),
        ([None, math.nan, 2.0], None),
        ([math.inf, 1.0], None),
        ([None], None),
    ],
)
def test_what_a_run_lacks_ranks_last(values: list[float | None], expected: float | None) -> None:
    assert middle(values) == expected
